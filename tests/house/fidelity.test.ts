import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { recordingNames, recordingsFolder } from '../../emulators/replay/recordings.js';

interface Row {
  rule: string;
  source: string;
  heldBy: { file: string; title: string }[];
}

const sources = ['recording', 'client', 'vector', 'code', 'document', 'live', 'measured', 'inference'];
/** There each recording is a test, called like its file. */
const replays: Record<string, string> = {
  'emulators/infisical/fidelity/replay.test.ts': 'infisical-2024',
  'emulators/infisical/fidelity/replay-2026.test.ts': 'infisical-2026',
};

/** The rows of the tables "Rule, Who says so, Held by" in docs/fidelity.md. */
function readRows(): Row[] {
  return readFileSync('docs/fidelity.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:Rule|---) /.test(line))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .filter((cells) => cells.length === 3)
    .map(([rule = '', source = '', held = '']) => ({
      rule,
      source,
      heldBy: [...held.matchAll(/`((?:emulators|tests)\/[^`]+)`: (.*?)(?=; `(?:emulators|tests)\/|$)/g)].map(
        ([, file = '', title = '']) => ({ file, title: title.trim() }),
      ),
    }));
}

describe('docs/fidelity.md', () => {
  const rows = readRows();

  it('names for each rule who says so, and a test that holds it', () => {
    assert.ok(rows.length > 300);
    assert.deepEqual(
      rows.filter(({ source, heldBy }) => {
        const isKnown = sources.some((known) => source.startsWith(known));
        return !isKnown || heldBy.length === 0;
      }),
      [],
    );
  });

  it('names only tests that exist, by words of their titles', () => {
    const texts = new Map<string, string>();
    const textOf = (file: string): string => {
      const text = texts.get(file) ?? (existsSync(file) ? readFileSync(file, 'utf8') : '');
      texts.set(file, text);
      return text;
    };
    const named = rows.flatMap(({ heldBy }) => heldBy).filter(({ file }) => !(file in replays));

    assert.deepEqual(
      named.filter(({ file, title }) => title === '' || !textOf(file).includes(title)),
      [],
    );
  });

  for (const [replay, set] of Object.entries(replays)) {
    it(`names only recordings of ${set} that are there`, () => {
      const folder = recordingsFolder(set);
      const names = folder === undefined ? undefined : recordingNames(folder);
      const replayed = rows.flatMap(({ source, heldBy }) =>
        heldBy.filter(({ file }) => file === replay).map(({ title }) => ({ source, title })),
      );

      assert.ok(replayed.length > 40);
      assert.deepEqual(
        replayed.filter(({ source, title }) => !source.includes(title) || names?.includes(title) === false),
        [],
      );
    });
  }
});
