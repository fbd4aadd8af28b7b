import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import {
  flag,
  each,
  listOf,
  nullable,
  optional,
  recordOf,
  rowsOf,
  text,
} from '#task/adapters/http/row-schemas.js';

interface Thing {
  name: string;
  hidden?: boolean | null;
}

const rules = { name: text, hidden: optional(nullable(flag)) };

/** Where a schema finds fault, as messages show it. */
function places(schema: z.ZodMiniType, value: unknown) {
  return schema.safeParse(value).error?.issues.map(({ path }) => path.join('.'));
}

describe('rowsOf', () => {
  const rows = rowsOf<Thing>(rules);

  it('takes a list of such objects as it is, with whatever else is in them', () => {
    const things = [{ name: 'a', hidden: null, more: [1] }, { name: 'b' }];

    assert.equal(rows.safeParse(things).data, things);
  });

  it('names every field that is not as the rules say, and those that are no objects', () => {
    const things = [{ name: 'a' }, { hidden: 'yes' }, null, 7, ['a']];

    assert.deepEqual(places(rows, things), ['1.name', '1.hidden', '2', '3', '4']);
  });

  it('stops at the fifth, however many there are', () => {
    const one = Array.from({ length: 100 }, () => ({}));

    assert.deepEqual(
      places(rows, one),
      [0, 1, 2, 3, 4].map((index) => `${String(index)}.name`),
    );
  });

  for (const value of [null, 7, 'text', { 0: { name: 'a' } }]) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.deepEqual(places(rows, value), ['']);
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
  const list = listOf(z.object({ name: z.string() }));

  it('takes a list of such objects', () => {
    const things = [{ name: 'a' }, { name: 'b' }];

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

describe('each', () => {
  const slugs = each({ slug: text });

  for (const value of [[], [{ slug: 'a' }], [{ slug: 'a', more: 1 }, { slug: '' }]]) {
    it(`takes ${JSON.stringify(value)}`, () => {
      assert.ok(slugs(value));
    });
  }

  for (const value of [undefined, null, {}, 'a', ['a'], [null], [{}], [{ slug: 1 }], [{ slug: 'a' }, {}]]) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.ok(!slugs(value));
    });
  }
});
