import assert from 'node:assert/strict';
import {
  flag,
  listOf,
  nullable,
  objectOf,
  optional,
  recordOf,
  text,
} from '#task/adapters/http/row-schemas.js';

interface Thing {
  name: string;
  hidden?: boolean | null;
}

const rules = { name: text, hidden: optional(nullable(flag)) };

/** Where a schema finds fault, as messages show it. */
function places(
  schema:
    | ReturnType<typeof objectOf<Thing>>
    | ReturnType<typeof recordOf<Thing>>
    | ReturnType<typeof listOf<Thing>>,
  value: unknown,
) {
  return schema.safeParse(value).error?.issues.map(({ path }) => path.join('.'));
}

describe('objectOf', () => {
  it('takes an object as it is, with whatever else is in it', () => {
    const thing = { name: 'a', hidden: null, more: [1] };

    assert.equal(objectOf<Thing>(rules).safeParse(thing).data, thing);
  });

  it('names every field that is not as the rules say', () => {
    assert.deepEqual(places(objectOf<Thing>(rules), { hidden: 'yes' }), ['name', 'hidden']);
  });

  for (const value of [null, 7, 'text', ['a']]) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.deepEqual(places(objectOf<Thing>(rules), value), ['']);
    });
  }
});

describe('recordOf', () => {
  it('takes an object of such objects as it is', () => {
    const things = { A: { name: 'a', more: 1 }, B: { name: 'b', hidden: true } };

    assert.equal(recordOf<Thing>(rules).safeParse(things).data, things);
  });

  it('names every field of every one that is not as the rules say, and those that are no objects', () => {
    const things = { A: { name: 1 }, B: { name: 'b' }, C: null, D: { name: 'd', hidden: 0 } };

    assert.deepEqual(places(recordOf<Thing>(rules), things), ['A.name', 'C', 'D.hidden']);
  });

  it('refuses a list', () => {
    assert.deepEqual(places(recordOf<Thing>(rules), []), ['']);
  });

  it('stops at the fifth, however many there are', () => {
    const things = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`V${String(index)}`, 1]));

    assert.deepEqual(places(recordOf<Thing>(rules), things), ['V0', 'V1', 'V2', 'V3', 'V4']);
  });
});

describe('listOf', () => {
  const list = listOf(objectOf<Thing>(rules));

  it('takes a list of such objects', () => {
    const things = [{ name: 'a', more: 1 }, { name: 'b' }];

    assert.deepEqual(list.safeParse(things).data, things);
  });

  it('names every field that is not as the rules say', () => {
    assert.deepEqual(places(list, [{ name: 'a' }, { name: 1 }, null]), ['1.name', '2']);
  });

  it('stops at the fifth, however many there are', () => {
    const one = Array.from({ length: 100 }, () => ({}));

    assert.deepEqual(
      places(list, one),
      [0, 1, 2, 3, 4].map((index) => `${String(index)}.name`),
    );
  });

  it('refuses an object', () => {
    assert.deepEqual(places(list, {}), ['']);
  });
});
