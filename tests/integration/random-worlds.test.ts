import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { InfisicalEmulator } from '../../emulators/infisical/emulator.js';
import type { Action, Rule } from '../../emulators/infisical/identities.js';
import { SyncError } from '#task/domain/errors.js';
import { isThorough, seed } from '../support/thorough.js';
import { at, readFolder, withInfisical } from '../support/infisical-reading.js';

/** A folder of a random world: what it stores, what it imports, and what the identity may do there. */
interface RandomFolder {
  secrets: Record<string, string>;
  imports: number[];
  right: 'read' | 'describe' | 'none';
}

interface RandomWorld {
  folders: RandomFolder[];
  profile: 'v4-2026' | 'v4-2025' | 'v4-none' | 'legacy-2024';
  missingRef: 'empty' | 'literal' | undefined;
  folder: { recursive: boolean; includeImports: boolean; expandSecretReferences: boolean };
}

const paths = ['/', '/a', '/a/b', '/c'];
const keys = ['K0', 'K1', 'K2', 'K3'];

/** Short texts, so that references often meet, and holes often look like something that is right. */
const part = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('x', 'y', '\n', '$', '${X:-1}', '') },
  { weight: 3, arbitrary: fc.constantFrom(...keys).map((key) => `\${${key}}`) },
  { weight: 2, arbitrary: fc.constantFrom('${dev.a.K0}', '${dev.a.b.K1}', '${dev.c.K2}', '${dev.K3}') },
  { weight: 1, arbitrary: fc.constantFrom('${NOPE}', '${dev.nope.K0}', '${nope.K0}', '${HOME}') },
);
/** As Infisical stores it: trimmed, but for one line break at its end. */
const text = fc
  .array(part, { maxLength: 3 })
  .map((parts) => parts.join(''))
  .map((typed) => `${typed.trim()}${typed.endsWith('\n') ? '\n' : ''}`);
const folder: fc.Arbitrary<RandomFolder> = fc.record({
  secrets: fc.dictionary(fc.constantFrom(...keys), text, { maxKeys: 3 }),
  imports: fc.uniqueArray(fc.nat(paths.length - 1), { maxLength: 2 }),
  right: fc.oneof(
    { weight: 6, arbitrary: fc.constant('read' as const) },
    { weight: 1, arbitrary: fc.constantFrom('describe' as const, 'none' as const) },
  ),
});
/** Each folder has a name of its own, too, so that one that is left out is missed. */
const folders = fc
  .array(folder, { minLength: paths.length, maxLength: paths.length })
  .map((all) =>
    all.map((one, index) => ({ ...one, secrets: { ...one.secrets, [`F${String(index)}`]: 'f' } })),
  );
const world: fc.Arbitrary<RandomWorld> = fc.record({
  folders,
  profile: fc.constantFrom('v4-2026', 'v4-2025', 'v4-none', 'legacy-2024'),
  missingRef: fc.constantFrom('empty', 'literal', undefined),
  folder: fc.record({
    recursive: fc.boolean(),
    includeImports: fc.boolean(),
    expandSecretReferences: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
  }),
});

const actions: Record<RandomFolder['right'], Action[]> = {
  read: ['describeSecret', 'readValue'],
  describe: ['describeSecret'],
  none: [],
};

function fill(server: InfisicalEmulator, { folders }: RandomWorld): void {
  folders.forEach(({ secrets, imports }, index) => {
    const place = at(paths[index]);
    server.addFolder(place);
    for (const [key, value] of Object.entries(secrets)) server.setSecret(place, key, value);
    for (const source of imports)
      if (source !== index) server.addImport(place, { environment: 'dev', path: paths[source] ?? '/' });
  });
}

function rulesOf({ folders }: RandomWorld): Rule[] {
  return folders.map(({ right }, index) => ({ path: paths[index] ?? '/', actions: actions[right] }));
}

/** Where servers differ, which of them a reader takes for right. */
interface Rules {
  /** Names that a folder does not have are looked for in what it imports. */
  imports: boolean;
  /** Names in what was found so are looked for where it was found, or where it was referred to. */
  from: 'found' | 'referred';
  /** Of a folder that the identity may not even see nothing is in any answer, so nothing can know of it. */
  seesAll: boolean;
}

const allRules: Rules[] = [
  { imports: false, from: 'found', seesAll: true },
  ...[true, false].flatMap((seesAll): Rules[] => [
    { imports: true, from: 'found', seesAll },
    { imports: true, from: 'referred', seesAll },
  ]),
];

/** What a reader with all rights can make of the stored texts; undefined where a reference comes to nothing. */
class Reader {
  readonly #folders: readonly RandomFolder[];
  readonly #rules: Rules;

  constructor({ folders }: RandomWorld, rules: Rules) {
    this.#folders = folders;
    this.#rules = rules;
  }

  /** Every value that a text can come to, by whichever folder names are looked for first. */
  values(stored: string, froms: readonly string[], open: readonly string[]): (string | undefined)[] {
    return froms.map((_, start) => this.#value(stored, froms.slice(start), open));
  }

  #value(stored: string, froms: readonly string[], open: readonly string[]): string | undefined {
    let holes = 0;
    const value = stored.replace(/\$\{([\w.]+)\}/g, (_, inner: string) => {
      const parts = inner.split('.');
      const key = parts.at(-1) ?? '';
      const places =
        parts.length === 1 ? froms : parts[0] === 'dev' ? [`/${parts.slice(1, -1).join('/')}`] : [];
      const target = places
        .map((referred) => ({ referred, found: this.#find(referred, key, []) }))
        .find(({ found }) => found !== undefined);
      const where = this.#rules.from === 'found' ? target?.found?.path : target?.referred;
      const id = `${String(where)} ${key}`;
      const inside =
        target?.found === undefined || where === undefined || open.includes(id)
          ? undefined
          : this.#value(target.found.stored, [where], [...open, id]);
      if (inside === undefined) holes += 1;
      return inside ?? '';
    });
    return holes === 0 ? value : undefined;
  }

  #find(path: string, key: string, seen: readonly string[]): { path: string; stored: string } | undefined {
    const folder = this.#folders[paths.indexOf(path)];
    if (folder === undefined || seen.includes(path)) return undefined;
    const isSeen = this.#rules.seesAll || folder.right !== 'none';
    const stored = isSeen ? folder.secrets[key] : undefined;
    if (stored !== undefined) return { path, stored };
    if (!this.#rules.imports) return undefined;
    return folder.imports
      .filter((source) => paths[source] !== path)
      .filter((source) => this.#rules.seesAll || this.#folders[source]?.right !== 'none')
      .toReversed()
      .map((source) => this.#find(paths[source] ?? '', key, [...seen, path]))
      .find((found) => found !== undefined);
  }
}

/** Every text that may stand behind a name, and the folder it lies in: which one wins is not what is asked here. */
function candidates({ folders, folder: { expandSecretReferences } }: RandomWorld, key: string): Set<string> {
  const values = folders.flatMap(({ secrets }, index) => {
    const stored = secrets[key];
    if (stored === undefined) return [];
    if (!expandSecretReferences) return [stored];
    const path = paths[index] ?? '/';
    return allRules.flatMap((rules) => {
      const reader = new Reader({ folders } as RandomWorld, rules);
      // An imported secret is looked at from the folder that lists it, its own, and the import that it came through.
      return [['/', path], ...paths.map((through) => ['/', through])].flatMap((froms) =>
        reader.values(stored, froms, [`${path} ${key}`]),
      );
    });
  });
  return new Set(values.filter((value) => value !== undefined));
}

/** Names that the identity may see to be there, of what the sync takes itself and of what the folder imports. */
function describedNames({ folders, folder: { recursive, includeImports } }: RandomWorld): string[] {
  const sources = includeImports ? (folders[0]?.imports ?? []).filter((source) => source !== 0) : [];
  const own = recursive ? folders : folders.slice(0, 1);
  return [...own, ...sources.flatMap((source) => folders[source] ?? [])]
    .filter(({ right }) => right !== 'none')
    .flatMap(({ secrets }) => Object.keys(secrets));
}

describe('of a random world', () => {
  it('only what a reader with all rights computes is written, and nothing that may be seen is left out', async () => {
    const outcomes = { synced: 0, stopped: 0 };
    const property = fc.asyncProperty(world, (random) =>
      withInfisical(
        {
          profile: random.profile,
          missingRef: random.missingRef,
          role: { rules: rulesOf(random) },
        },
        (server) => {
          fill(server, random);
        },
        async (server) => {
          let merged;
          try {
            merged = await readFolder(server, random.folder);
          } catch (error) {
            assert.ok(error instanceof SyncError, String(error));
            outcomes.stopped += 1;
            return;
          }
          outcomes.synced += 1;
          const names = new Set(merged.secrets.map(({ key }) => key));
          if (random.profile !== 'legacy-2024')
            for (const name of describedNames(random)) assert.ok(names.has(name), `${name} is left out`);
          for (const { key, value } of merged.secrets) {
            const allowed = candidates(random, key);
            assert.ok(allowed.has(value.reveal()), `${key}=${JSON.stringify(value.reveal())}`);
          }
        },
      ),
    );

    await fc.assert(property, { numRuns: isThorough ? 5_000 : 150, seed });
    assert.ok(outcomes.synced > 15 && outcomes.stopped > 15, JSON.stringify(outcomes));
  });
});
