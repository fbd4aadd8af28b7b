import assert from 'node:assert/strict';
import { desiredNotices, desiredVariables, kindOf } from '#task/domain/desired.js';
import { nameFamilies } from '#task/domain/name-families.js';
import { isHarmless, nameNotice, nameProblem } from '#task/domain/name-policy.js';
import { refuseFaulty } from '#task/domain/reference-faults.js';
import { canBe, parseReference } from '#task/domain/reference.js';
import type { SyncSettings } from '#task/domain/settings.js';
import { mergeSource, refuseEmptySource, type ListedImport, type MergedSource } from '#task/domain/source.js';
import { SecretValue } from '#task/domain/secret-value.js';
import { StoredPlaces } from '#task/domain/stored-places.js';
import {
  aListedSecret,
  anImport,
  aSchema,
  aScope,
  aSecret,
  settings,
  wanted,
} from '../../support/builders.js';

const none: MergedSource = { secrets: [], silentImports: [], untagged: [], warnings: [], notices: [] };
const messageOf = (work: () => unknown): string => {
  try {
    work();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('an empty source', () => {
  const refusal = (rest: Partial<SyncSettings>, merged = none, tags: string[] = []): string =>
    messageOf(() => {
      refuseEmptySource(merged, aScope({ tags }), settings(rest));
    });

  it('is refused for whatever writes or looks, unless somebody means it', () => {
    for (const action of ['sync', 'plan', 'check'] as const) assert.notEqual(refusal({ action }), '');
    assert.equal(refusal({ action: 'remove' }), '');
    assert.equal(refusal({ allowEmptySource: true }), '');
    assert.equal(refusal({}, { ...none, secrets: [aSecret('A')] }), '');
  });

  it('is told with the tags that were asked for', () => {
    assert.match(refusal({}, { ...none, untagged: ['A'] }, ['web', 'job']), /"web" or "job"/);
    assert.doesNotMatch(refusal({}, none, ['web']), /"web"/);
  });
});

describe('a merged source', () => {
  it('keeps the tags of own secrets, and imported ones have none', () => {
    const { secrets } = mergeSource(
      {
        secrets: [aListedSecret('A', 'a', { tags: ['web'] }), aListedSecret('B')],
        imports: [anImport('/x', [aListedSecret('C', 'c', { tags: ['web'] })])],
      },
      aScope(),
    );

    assert.deepEqual(
      secrets.map(({ key, tags }) => [key, tags]),
      [
        ['C', []],
        ['A', ['web']],
        ['B', []],
      ],
    );
  });

  it('has nothing to say where there is nothing to say', () => {
    const listing = { secrets: [aListedSecret('A')], imports: [anImport('/x', [aListedSecret('B')])] };

    const { silentImports, warnings, notices } = mergeSource(listing, aScope());

    assert.deepEqual([silentImports, warnings, notices], [[], [], []]);
    assert.deepEqual(mergeSource({ ...listing, notices: ['one'] }, aScope()).notices, ['one']);
  });

  it('names imports that gave nothing, and those alone', () => {
    const imports = [anImport('/x', []), anImport('/y', [aListedSecret('B')])];

    assert.deepEqual(mergeSource({ secrets: [], imports }, aScope()).silentImports, ['prod:/x']);
  });

  it('says what tags leave out of imports, and nothing without imports', () => {
    const secrets = [aListedSecret('A', 'a', { tags: ['web'] }), aListedSecret('B')];
    const imports = [anImport('/x', [aListedSecret('C'), aListedSecret('D')])];
    const scope = aScope({ tags: ['web'] });

    const merged = mergeSource({ secrets, imports }, scope);

    assert.deepEqual(
      merged.secrets.map(({ key }) => key),
      ['A'],
    );
    assert.equal(merged.notices.length, 1);
    assert.deepEqual(mergeSource({ secrets, imports: [] }, scope).notices, []);
  });

  it('warns of imports whose folder is gone, in order', () => {
    const gone = (path: string): ListedImport => ({ ...anImport(path, [aListedSecret('K')]), isGone: true });
    const imports = [gone('/z'), gone('/a'), anImport('/m', [aListedSecret('M')])];

    const { warnings } = mergeSource({ secrets: [], imports }, aScope());

    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /"prod:\/a" and "prod:\/z"/);
  });

  it('is refused where a name is in two folders, each pair in order', () => {
    const secrets = ['/z', '/a'].flatMap((path) => [
      aListedSecret('B', 'v', { path }),
      aListedSecret('A', 'v', { path }),
    ]);

    assert.deepEqual(
      messageOf(() => mergeSource({ secrets, imports: [] }, aScope()))
        .split('\n')
        .slice(1),
      ['- "A" is in "/a" and in "/z"', '- "B" is in "/a" and in "/z"'],
    );
  });
});

describe('desired variables', () => {
  const naming = { keySchema: aSchema('{{secretKey}}'), plainTag: '' };

  it('are sorted by the names that they get', () => {
    const names = (schema: string): string[] =>
      desiredVariables([aSecret('b'), aSecret('A'), aSecret('C')], {
        ...naming,
        keySchema: aSchema(schema),
      }).map(({ name }) => name);

    assert.deepEqual(names(''), ['A', 'b', 'C']);
    assert.deepEqual(names('X_{{secretKey}}'), ['X_A', 'X_b', 'X_C']);
    assert.deepEqual(
      desiredVariables([aSecret('a'), aSecret('a-')], {
        ...naming,
        keySchema: aSchema('{{secretKey}}.'),
      }).map(({ name }) => name),
      ['a-.', 'a.'],
    );
  });

  it('are refused for all problems at once, in order', () => {
    const message = messageOf(() =>
      desiredVariables([aSecret('Z$'), aSecret('A$')], naming, () => ['! too much']),
    );

    const lines = message.split('\n').slice(1);
    assert.deepEqual(lines, lines.toSorted());
    assert.equal(lines.length, 3);
  });

  it('are plain by their tag, or when they are empty, and by no tag where none is named', () => {
    const secrets = [
      aSecret('A', 'v', { tags: ['plain'] }),
      aSecret('B', ''),
      aSecret('C', 'v', { tags: [''] }),
    ];
    const kinds = (plainTag: string): string[] =>
      desiredVariables(secrets, { ...naming, plainTag }).map((variable) => kindOf(variable));

    assert.deepEqual(kinds('plain'), ['tagged', 'empty', 'secret']);
    assert.deepEqual(kinds(''), ['secret', 'empty', 'secret']);
  });

  it('have a line in the log for what is worth one, and for nothing else', () => {
    assert.deepEqual(desiredNotices([wanted('A')]), []);
    assert.equal(
      desiredNotices([wanted('1A'), wanted('B', 'x'.repeat(4_097)), wanted('C', 'x'.repeat(4_096))]).length,
      2,
    );
  });
});

describe('a name', () => {
  it('is documented not to reach tasks by its beginning alone', () => {
    assert.equal(nameNotice('SECRET_A'), 'documented prefix');
    assert.equal(nameNotice('MY_SECRET'), undefined);
  });

  it('is the agent’s by the scope at its beginning alone', () => {
    assert.notEqual(nameProblem('Build.X', 'secret'), undefined);
    assert.equal(nameProblem('Rebuild.X', 'secret'), undefined);
  });

  it('belongs to a family with a title, none of whose names is empty', () => {
    for (const { title, names, why } of nameFamilies) {
      assert.ok(title !== '' && why !== '');
      assert.ok(names.length > 0 && names.every((name) => /^\S+$/.test(name)), title);
    }
    assert.ok(isHarmless(''));
  });
});

describe('a reference', () => {
  const parsed = (literal: string) => {
    const { key, isAcross, place } = parseReference(literal);
    return [key, isAcross, place === undefined ? undefined : `${place.environment}:${place.path}`];
  };

  for (const [literal, key, isAcross, place] of [
    ['${K}', 'K', false, undefined],
    ['${@K}', '@K', false, undefined],
    ['${dev.K}', 'K', false, 'dev:/'],
    ['${dev.a.b.K}', 'K', false, 'dev:/a/b'],
    ['${dev..a.K}', 'K', false, 'dev:/a'],
    ['${@p.dev.K}', 'K', true, 'dev:/'],
    ['${@p.dev.a.K}', 'K', true, 'dev:/a'],
  ] as const) {
    it(`is taken apart: ${literal}`, () => {
      assert.deepEqual(parsed(literal), [key, isAcross, place]);
    });
  }

  it('can lead to what environments and folders may be called, and nowhere else', () => {
    for (const [environment, path, can] of [
      ['dev', '/', true],
      ['dev-eu_1', '/a-b/c_1', true],
      ['d', '/a', true],
      ['', '/', false],
      ['d v', '/', false],
      [' dev', '/', false],
      ['dev ', '/', false],
      ['dev', '', false],
      ['dev', '/a b', false],
      ['dev', ' /a', false],
      ['dev', '/a ', false],
      ['dev', '/a.b', false],
    ] as const)
      assert.equal(canBe({ environment, path }), can, `${environment}:${path}`);
  });

  it('that comes to nothing is told once, by the secret that holds it, and why', () => {
    const whys = ['missing', 'unreadable', 'circular', 'too deep', 'across', 'left', 'differs'] as const;
    const row = (key: string) => ({
      ...{ key, origin: '/' },
      faults: whys.map((why) => ({ literal: '${N}', why })),
    });

    const lines = messageOf(() => {
      refuseFaulty([row('B'), row('A'), row('A')]);
    })
      .split('\n')
      .slice(1);

    assert.equal(new Set(lines).size, 2 * whys.length);
    assert.deepEqual(lines, lines.toSorted());
    assert.ok(
      lines.every((line) => /^- "[AB]" in "\/": "\$\{N\}" [a-z]/.test(line) && !line.includes('undefined')),
    );
    assert.equal(
      messageOf(() => {
        refuseFaulty([]);
        refuseFaulty([{ key: 'A', origin: '/', faults: [] }]);
      }),
      '',
    );
  });
});

describe('what is known of stored folders', () => {
  const [known, missing, other] = ['/a', '/b', '/c'].map((path) => ({ environment: 'dev', path }));

  it('is what was added, and nothing of what nobody asked for', () => {
    assert.ok(known !== undefined && missing !== undefined && other !== undefined);
    const places = new StoredPlaces();
    const value = new SecretValue('v');
    const secrets = new Map<string, SecretValue | 'hidden'>([
      ['A', value],
      ['H', 'hidden'],
    ]);
    places.add(known, { secrets, imports: [other] });
    places.add(missing, 'missing');

    assert.deepEqual(
      [places.isKnown(known), places.isKnown(missing), places.isKnown(other)],
      [true, false, false],
    );
    assert.deepEqual(
      ['A', 'H', 'NOPE'].map((key) => places.own(known, key)),
      [value, 'unreadable', 'missing'],
    );
    assert.deepEqual([places.own(missing, 'A'), places.own(other, 'A')], ['missing', undefined]);
    assert.deepEqual(
      [places.imports(known), places.imports(missing), places.imports(other)],
      [[other], [], undefined],
    );
  });
});
