import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { goodNetworks, networks } from '../support/networks.js';

const page = readFileSync('docs/connections.md', 'utf8');
const stories = ['no-way-in', 'no-azure-auth', 'refusals', 'destination-refusals']
  .map((name) => readFileSync(`tests/stories/${name}.test.ts`, 'utf8'))
  .join('\n');

/** The cells of each table row below a heading. */
function rowsBelow(heading: string): string[][] {
  const start = page.indexOf(`\n## ${heading}\n`);
  const end = page.indexOf('\n## ', start + 1);
  return page
    .slice(start, end === -1 ? undefined : end)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| -/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const named = (cells: string[][]): string[] =>
  cells.flatMap(([, story = '']) => [...story.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));

describe('docs/connections.md', () => {
  it('has a row for every network in which the task has to work', () => {
    assert.deepEqual(named(rowsBelow('What is tested')).sort(), [...goodNetworks].sort());
  });

  it('has a row for every network in which it can’t', () => {
    const bad = Object.keys(networks).filter((name) => !(goodNetworks as string[]).includes(name));

    assert.deepEqual(named(rowsBelow('When it does not work')).sort(), bad.sort());
  });

  it('names for every other cause stories that exist', () => {
    const titles = rowsBelow('When it does not work')
      .map(([, story = '']) => story)
      .filter((story) => story !== 'story' && !story.startsWith('`'))
      .flatMap((story) => story.split('; '));

    assert.ok(titles.length > 30);
    assert.deepEqual(
      titles.filter((title) => !stories.includes(`title: '${title}'`)),
      [],
    );
  });

  it('names every story of a refused way in', () => {
    const all = ['no-way-in', 'no-azure-auth'].flatMap((name) =>
      [...readFileSync(`tests/stories/${name}.test.ts`, 'utf8').matchAll(/title: '([^']+)'/g)].map(
        ([, title = '']) => title,
      ),
    );

    assert.deepEqual(
      all.filter((title) => !page.includes(title)),
      [],
    );
  });
});
