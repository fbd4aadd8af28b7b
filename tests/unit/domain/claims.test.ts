import assert from 'node:assert/strict';
import { isSameDestination, planDestination } from '#task/domain/destination-plan.js';
import { aGroup, aSchema, plainVariable, secretVariable, settings } from '../../support/builders.js';

describe('a plan', () => {
  it('names what stays because others may own it, with their marks, and nothing else', () => {
    const current = aGroup([plainVariable('APP_A'), plainVariable('APP_X'), plainVariable('B')], {
      description: '[infisical-sync: shop-prod owns APP_*]\n[infisical-sync: web owns *_X]',
    });
    const desired = { variables: [], names: [], sourceMayBeIncomplete: false };

    const { open, inScope } = planDestination(
      settings({ keySchema: aSchema('APP_{{secretKey}}') }),
      desired,
      current,
    );

    assert.deepEqual(open, [
      { name: 'APP_X', marks: [{ syncName: 'web', pattern: { prefix: '', suffix: '_X' } }] },
    ]);
    assert.equal(inScope, 1);
  });
});

describe('two reads', () => {
  const one = aGroup([plainVariable('A', 'a'), secretVariable('B')]);

  it('found the same when all that can be seen is the same, in any order', () => {
    assert.ok(isSameDestination(one, one));
    assert.ok(isSameDestination(one, { ...one, variables: one.variables.toReversed() }));
  });

  for (const [title, other] of [
    ['a value', { variables: [plainVariable('A', 'x'), secretVariable('B')] }],
    ['a name', { variables: [plainVariable('C', 'a'), secretVariable('B')] }],
    ['a variable more', { variables: [...one.variables, secretVariable('C')] }],
    ['a variable less', { variables: [plainVariable('A', 'a')] }],
    ['what became secret', { variables: [secretVariable('A'), secretVariable('B')] }],
    ['what became plain', { variables: [plainVariable('A', 'a'), plainVariable('B')] }],
    ['the description', { description: '' }],
    ['that it is gone', { exists: false }],
  ] as const) {
    it(`did not find the same when the difference is ${title}`, () => {
      assert.equal(isSameDestination(one, { ...one, ...other }), false);
      assert.equal(isSameDestination({ ...one, ...other }, one), false);
    });
  }
});
