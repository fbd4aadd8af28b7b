import assert from 'node:assert/strict';
import { judged } from '#task/domain/reference-values.js';
import { isSamePlace, type Place } from '#task/domain/reference.js';
import { SecretValue } from '#task/domain/secret-value.js';
import { StoredPlaces } from '#task/domain/stored-places.js';

interface Folder {
  secrets: Record<string, string>;
  hidden?: readonly string[];
  /** Undefined where nobody asked for them. */
  imports?: readonly string[] | undefined;
}

type World = Record<string, Folder | 'missing' | 'unreadable'>;

function placeOf(text: string): Place {
  const [environment = '', path = ''] = text.split(':');
  return { environment, path };
}

function storedIn(world: World): StoredPlaces {
  const places = new StoredPlaces();
  for (const [place, folder] of Object.entries(world)) {
    if (typeof folder === 'string') {
      places.add(placeOf(place), folder);
      continue;
    }
    const { secrets, hidden = [] } = folder;
    places.add(placeOf(place), {
      secrets: new Map<string, SecretValue | 'hidden'>([
        ...Object.entries(secrets).map(([key, text]) => [key, new SecretValue(text)] as const),
        ...hidden.map((key) => [key, 'hidden'] as const),
      ]),
      imports: 'imports' in folder ? folder.imports?.map(placeOf) : [],
    });
  }
  return places;
}

/** What becomes of a text in a folder, given what a server answered. */
function outcome(
  world: World,
  stored: string,
  resolved: string,
  { at = 'dev:/', listed }: { at?: string; listed?: string } = {},
): string | string[] {
  const row = {
    ...{ key: 'X', place: placeOf(at), stored: new SecretValue(stored), resolved: new SecretValue(resolved) },
    ...(listed === undefined ? {} : { listed: placeOf(listed) }),
  };
  const verdict = judged(row, storedIn(world));
  if (verdict.kind === 'value') return verdict.value.reveal();
  if (verdict.kind === 'asks')
    return verdict.places.map(({ environment, path }) => `? ${environment}:${path}`);
  return verdict.faults.map(({ literal, why }) => `${literal} ${why}`);
}

const own = (secrets: Record<string, string>, imports: string[] = []): Folder => ({ secrets, imports });

describe('a name that a folder does not have itself', () => {
  const imported: World = {
    'dev:/': own({}, ['prod:/a', 'prod:/b']),
    'prod:/a': own({ K: 'a', ONLY_A: 'oa' }),
    'prod:/b': own({ K: 'b' }, ['prod:/c']),
    'prod:/c': own({ K: 'c', DEEP: 'd' }),
  };

  it('is looked for in what the folder imports, the last import first, each before what it imports itself', () => {
    assert.equal(outcome(imported, '<${K}>', '<b>'), '<b>');
    assert.equal(outcome(imported, '${ONLY_A}', 'oa'), 'oa');
    assert.equal(outcome(imported, '${DEEP}', 'd'), 'd');
    for (const other of ['a', 'c']) assert.deepEqual(outcome(imported, '${K}', other), ['${K} differs']);
  });

  it('is missing where no import has it, in a circle of imports, too', () => {
    const circle: World = {
      'dev:/': own({}, ['prod:/a']),
      'prod:/a': own({}, ['prod:/b']),
      'prod:/b': own({}, ['prod:/a', 'dev:/']),
    };

    assert.deepEqual(outcome(circle, 'x${K}', 'x'), ['${K} missing']);
  });

  it('has to be asked for where a folder or its imports are not known', () => {
    assert.deepEqual(outcome({ 'dev:/': own({}, ['prod:/a']) }, 'x${K}', 'x'), ['? prod:/a', '? prod:/a']);
    const unasked: World = { 'dev:/': { secrets: {}, imports: undefined } };
    assert.deepEqual(new Set(outcome(unasked, 'x${K}', 'x')), new Set(['? dev:/']));
    assert.deepEqual(new Set(outcome(own0, 'x${prod.a.K}', 'x')), new Set(['? prod:/a']));
  });

  it('is none that may be passed over where an import hides it, or may not be read', () => {
    for (const last of [{ secrets: {}, hidden: ['K'] }, 'unreadable'] as const) {
      const world: World = {
        'dev:/': own({}, ['prod:/a', 'prod:/b']),
        'prod:/a': own({ K: 'a' }),
        'prod:/b': last,
      };

      assert.notEqual(outcome(world, '${K}', 'a'), 'a');
    }
    const gone: World = {
      'dev:/': own({}, ['prod:/a', 'prod:/b']),
      'prod:/a': own({ K: 'a' }),
      'prod:/b': 'missing',
    };
    assert.equal(outcome(gone, '${K}', 'a'), 'a');
  });

  it('has names in it that are looked for where it was found, or where it was referred to', () => {
    const world: World = {
      'dev:/': own({ N: 'referred' }, ['prod:/a']),
      'prod:/a': own({ K: '<${N}>', N: 'found' }),
    };

    assert.equal(outcome(world, '${K}', '<found>'), '<found>');
    assert.equal(outcome(world, '${K}', '<referred>'), '<referred>');
    assert.deepEqual(outcome(world, '${K}', '<other>'), ['${K} differs']);
  });
});

const own0: World = { 'dev:/': own({}) };

describe('a name in an imported secret', () => {
  const world: World = {
    'dev:/': { secrets: { BOTH: 'l', LISTED: 'l' }, hidden: ['SECRET'], imports: [] },
    'prod:/shared': own({ BOTH: 's', OWN: 's', SECRET: 's' }),
    'prod:/other': own({ K: '${BOTH}', BOTH: 'o' }),
    'dev:/shared': own({ K: '${BOTH}', BOTH: 'o' }),
  };
  const of = (stored: string, resolved: string): string | string[] =>
    outcome(world, stored, resolved, { at: 'prod:/shared', listed: 'dev:/' });

  it('is looked for in its own folder, or in the one that was listed and then in its own', () => {
    assert.equal(of('${BOTH}', 's'), 's');
    assert.equal(of('${BOTH}', 'l'), 'l');
    assert.equal(of('${LISTED}${OWN}', 'ls'), 'ls');
    assert.ok(Array.isArray(of('${BOTH}', 'o')));
  });

  it('is not passed over where the folder that was listed hides it', () => {
    assert.deepEqual(of('${SECRET}${LISTED}', 'sl'), ['${LISTED} missing']);
  });

  it('is looked for so in its own text only, not in what that refers to', () => {
    assert.equal(of('${prod.other.K}', 'o'), 'o');
    for (const place of ['prod.other', 'dev.shared']) assert.ok(Array.isArray(of(`\${${place}.K}`, 'l')));
  });
});

describe('what a text comes to', () => {
  const of = (secrets: Record<string, string>, stored: string, resolved: string) =>
    outcome({ 'dev:/': own(secrets) }, stored, resolved);

  it('holds twenty references one inside the other, and not more', () => {
    const chain = (length: number): Record<string, string> =>
      Object.fromEntries(
        Array.from({ length }, (_, index) => [
          `K${String(index + 1)}`,
          index + 1 === length ? 'end' : `\${K${String(index + 2)}}`,
        ]),
      );

    assert.equal(of(chain(20), '${K1}', 'end'), 'end');
    assert.deepEqual(of(chain(21), '${K1}', 'end'), ['${K21} too deep']);
  });

  it('may make a new reference ten times, and not more, and not for ever', () => {
    const chain = (length: number): Record<string, string> => ({
      D: '$',
      ...Object.fromEntries(
        Array.from({ length }, (_, index) => [
          `K${String(index + 1)}`,
          index + 1 === length ? 'end' : `\${D}{K${String(index + 2)}}`,
        ]),
      ),
    });

    assert.equal(of(chain(10), '${D}{K1}', 'end'), 'end');
    assert.notEqual(of(chain(11), '${D}{K1}', 'end'), 'end');
    assert.ok(Array.isArray(of({ D: '$', Q: '${D}{Q}' }, '${D}{Q}', 'end')));
  });

  it('is not looked into further when something is missing or has to be asked for', () => {
    assert.deepEqual(of({ D: '$' }, '${NOPE}${D}{NOPE_2}', ''), ['${NOPE} missing']);
    assert.deepEqual(new Set(of({ D: '$' }, '${prod.a.K}${D}{prod.b.K}', '')), new Set(['? prod:/a']));
  });

  it('may hold a reference to another project beside a new one', () => {
    assert.equal(of({ D: '$', A: 'a' }, '${@p.dev.K}${D}{A}', 'ka'), 'ka');
  });

  it('may have a million characters', () => {
    const million = 'x'.repeat(1_000_000);

    assert.equal(of({ A: million }, '${A}', million), million);
    assert.deepEqual(of({ A: million }, '${A}y', `${million}y`), ['${…} too deep']);
  });

  it('names a circle by the reference that closes it', () => {
    assert.deepEqual(of({ X: '${Y}', Y: '${X}' }, '${Y}', ''), ['${X} circular']);
  });

  it('names each fault once', () => {
    const world: World = {
      'dev:/': own({}),
      'prod:/api': 'unreadable',
      'prod:/o': { secrets: { T: '${K}' }, hidden: ['K'] },
    };

    assert.deepEqual(outcome(world, '${NOPE}${NOPE}${N2}${prod.api.K}${prod.api.L}', ''), [
      '${NOPE} missing',
      '${N2} missing',
      '${prod.api.K} unreadable',
      '${prod.api.L} unreadable',
    ]);
    assert.deepEqual(outcome(world, '${K}${prod.o.T}', ''), ['${K} missing', '${K} unreadable']);
  });

  it('is not what a server gave that left a reference beside it, put quotes around it or left one of two', () => {
    assert.deepEqual(of({ A: 'a' }, '${A}', 'a${A}'), ['${A} left']);
    assert.deepEqual(of({ A: 'a' }, '${A}', '"a"'), ['${A} differs']);
    assert.deepEqual(of({}, '${@p.dev.K}-${@p.dev.L}', 'k-${@p.dev.L}'), [
      '${@p.dev.K} across',
      '${@p.dev.L} across',
    ]);
  });
});

describe('two places', () => {
  it('are the same when environment and path are', () => {
    const place = { environment: 'dev', path: '/a' };

    assert.ok(isSamePlace(place, { ...place }));
    assert.ok(!isSamePlace(place, { ...place, path: '/b' }));
    assert.ok(!isSamePlace(place, { ...place, environment: 'prod' }));
  });
});
