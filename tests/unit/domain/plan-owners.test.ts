import assert from 'node:assert/strict';
import { planRemove, planSync, type Change } from '#task/domain/plan.js';
import type { Whose } from '#task/domain/ownership.js';
import { aPolicy, aSchema, plainVariable, wanted } from '../../support/builders.js';

const rows = (changes: readonly Change[]): string[] =>
  changes.map(({ kind, name, because }) => `${kind} ${name}: ${because}`);
const all = (whose: Whose) => ({ whose: () => ({ whose, marks: [] }) });
const narrow = aSchema('A{{secretKey}}');

describe('a variable of another sync', () => {
  it('is left alone although the source gives it, whether it exists or not, in the spelling that it has', () => {
    const changes = planSync([wanted('A'), wanted('B')], [plainVariable('a')], aPolicy(all('theirs')));

    assert.deepEqual(rows(changes), ['keep a: belongs to another sync', 'keep B: belongs to another sync']);
  });
});

describe('a variable that the source does not give', () => {
  for (const [whose, because] of [
    ['theirs', 'belongs to another sync'],
    ['open', 'may belong to another sync'],
    ["nobody's", 'outside the key schema'],
  ] as const) {
    it(`stays, and a sync and a removal say why: ${because}`, () => {
      const policy = aPolicy({ keySchema: narrow, ...all(whose) });

      assert.deepEqual(rows(planSync([], [plainVariable('A')], policy)), [`keep A: ${because}`]);
      assert.deepEqual(rows(planRemove([], [plainVariable('A')], { ...policy, takesUnproven: true })), [
        `keep A: ${because}`,
      ]);
    });
  }

  it('goes with a removal when it is known to be of this sync, or when a person says so', () => {
    const current = [plainVariable('A')];
    const removal = (whose: Whose, takesUnproven: boolean): string[] =>
      rows(planRemove([], current, { keySchema: narrow, ...all(whose), takesUnproven }));

    assert.deepEqual(removal('ours', false), ['delete A: removed']);
    assert.deepEqual(removal('unproven', true), ['delete A: removed']);
    assert.deepEqual(removal('unproven', false), ['keep A: not known to belong to this sync']);
  });
});

describe('a removal', () => {
  it('is sorted by name', () => {
    const policy = { ...aPolicy(), takesUnproven: false };

    assert.deepEqual(rows(planRemove(['B', 'a'], [plainVariable('B'), plainVariable('a')], policy)), [
      'delete a: removed',
      'delete B: removed',
    ]);
  });
});
