import assert from 'node:assert/strict';
import { planGroup } from '../../../tasks/InfisicalSecretSync/src/domain/group-plan.js';
import {
  aGroup,
  aSchema,
  noGroup,
  plainVariable,
  secretVariable,
  settings,
  wanted,
} from '../../support/builders.js';

const desired = (...variables: ReturnType<typeof wanted>[]) => ({
  variables,
  names: variables.map(({ name }) => name),
  sourceMayBeIncomplete: false,
});

describe('planGroup', () => {
  it('creates a missing group with its mark', () => {
    const plan = planGroup(settings(), desired(wanted('A')), noGroup);

    assert.deepEqual([plan.write, plan.description], ['create', '[infisical-sync: shop-prod]']);
  });

  it('creates nothing when there is nothing to put into the group', () => {
    assert.equal(planGroup(settings(), desired(), noGroup).write, 'nothing');
  });

  it('writes nothing when everything is as it should be', () => {
    const plan = planGroup(settings(), desired(wanted('A', 'x', false)), aGroup([plainVariable('A', 'x')]));

    assert.equal(plan.write, 'nothing');
  });

  it('writes when only the mark is missing', () => {
    const current = aGroup([plainVariable('A', 'x')], { description: 'ours' });

    const plan = planGroup(settings(), desired(wanted('A', 'x', false)), current);

    assert.deepEqual([plan.write, plan.description], ['update', 'ours\n[infisical-sync: shop-prod]']);
  });

  it('removes this sync’s variables and its mark, and leaves the rest', () => {
    const current = aGroup([secretVariable('A'), secretVariable('B')], {
      description: 'text\n[infisical-sync: other]\n[infisical-sync: shop-prod]',
    });

    const plan = planGroup(settings({ action: 'remove' }), desired(wanted('A')), current);

    assert.deepEqual([plan.write, plan.description], ['update', 'text\n[infisical-sync: other]']);
  });

  it('removes the group only when nothing is left', () => {
    const plan = planGroup(
      settings({ action: 'remove' }),
      desired(wanted('A')),
      aGroup([secretVariable('A')]),
    );

    assert.equal(plan.write, 'deleteGroup');
  });

  for (const [title, given, current] of [
    ['a missing group', {}, noGroup],
    ['an empty source without a key schema', {}, aGroup([secretVariable('A')])],
  ] as const) {
    it(`removes nothing: ${title}`, () => {
      assert.equal(planGroup(settings({ action: 'remove', ...given }), desired(), current).write, 'nothing');
    });
  }

  it('removes what matches the key schema even when the source is empty', () => {
    const keySchema = aSchema('APP_{{secretKey}}');
    const current = aGroup([secretVariable('APP_A'), secretVariable('B')]);

    const plan = planGroup(settings({ action: 'remove', keySchema }), desired(), current);

    assert.deepEqual(
      plan.changes.map(({ kind, name }) => `${kind} ${name}`),
      ['delete APP_A', 'keep B'],
    );
    assert.equal(plan.write, 'update');
  });
});
