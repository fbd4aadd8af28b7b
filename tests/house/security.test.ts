import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { nameFamilies } from '#task/domain/name-families.js';

/** The rows of the table in docs/security.md: family, names, refused, why, source. */
function readRows(): string[][] {
  const text = readFileSync('docs/security.md', 'utf8');
  const table = /^\| Family \| Names .*\n\| --- .*\n((?:\|.*\n)+)/m.exec(text)?.[1] ?? '';
  return table
    .trimEnd()
    .split('\n')
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

describe('the names that have power over a job', () => {
  it('stand in docs/security.md as the task knows them, each family with its source', () => {
    const rows = readRows();

    assert.deepEqual(
      rows.map(([title, names, refused, why]) => ({ title, names, refused, why })),
      nameFamilies.map(({ title, names, reach, why }) => ({
        title,
        names:
          title === 'Predefined variables'
            ? `${String(names.length)} names in [predefined-variables.ts](../tasks/InfisicalSecretSync/src/domain/predefined-variables.ts)`
            : `\`${names.join(' ')}\``,
        refused: reach === 'environment' ? 'when plain' : 'always',
        why,
      })),
    );
    assert.deepEqual(
      rows.filter(([, , , , source = '']) => !/\]\(https:\/\/[^)]+\)/.test(source)),
      [],
    );
  });

  it('are each in one family, once', () => {
    const names = nameFamilies
      .filter(({ title }) => title !== 'Predefined variables')
      .flatMap((family) => family.names);

    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });
});
