import assert from 'node:assert/strict';
import { planDestination } from '#task/domain/destination-plan.js';
import { refuseIfUnsafe } from '#task/domain/guard.js';
import { namesOnly } from '#task/domain/names-only.js';
import { renderPlanTable } from '#task/domain/plan-table.js';
import { isNewGroup, isNoGroup, shownChanges, type Report } from '#task/domain/report.js';
import { capitalized, shown } from '#task/domain/text.js';
import { verdictOn } from '#task/domain/verdict.js';
import {
  aGroup,
  aListedSecret,
  aScope,
  noGroup,
  secretVariable,
  settings,
  wanted,
} from '../../support/builders.js';

describe('what is shown of a plan', () => {
  it('has the type of each variable whose value the sync decides', () => {
    assert.deepEqual(
      shownChanges([
        { kind: 'create', name: 'A', because: 'new', to: wanted('A') },
        { kind: 'create', name: 'B', because: 'new', to: wanted('B', 'b', false) },
        { kind: 'delete', name: 'C', because: 'removed' },
      ]).map(({ type }) => type),
      ['secret', 'plain', undefined],
    );
  });

  it('says of a group alone that it is new, or that there is none', () => {
    const change = { name: 'A', change: 'create', because: 'new' } as const;
    const group = (existed: boolean, changes: Report['changes']) => ({
      destination: { kind: 'variableGroup', project: 'Shop', name: 'web', existed } as const,
      changes,
    });
    const pipeline = { destination: { kind: 'pipelineVariables' } as const, changes: [] };

    const all = [group(false, [change]), group(false, []), group(true, [change]), group(true, []), pipeline];

    assert.deepEqual(all.map(isNewGroup), [true, false, false, false, false]);
    assert.deepEqual(all.map(isNoGroup), [false, true, false, false, false]);
  });

  it('says what to check where a removal finds no group, and nothing where a sync makes one', () => {
    const desired = { variables: [], names: ['A'], sourceMayBeIncomplete: false };

    const { notices } = planDestination(settings({ action: 'remove' }), desired, noGroup);

    assert.equal(notices.length, 1);
    assert.match(notices[0] ?? '', /variableGroup and azureDevOpsProject/);
    assert.deepEqual(planDestination(settings(), desired, noGroup).notices, []);
  });

  it('has a line of its own for a name that is wider than its column, and for no other', () => {
    const lines = (length: number) =>
      renderPlanTable([{ name: 'N'.repeat(length), change: 'create', because: 'new' }]).length;

    assert.deepEqual([lines(60), lines(61)], [2, 3]);
  });

  it('names in a verdict the variables of each doubt, and no others', () => {
    const { warnings } = verdictOn(
      [
        { kind: 'rewrite', name: 'A', because: 'never recorded', to: wanted('A') },
        { kind: 'rewrite', name: 'B', because: 'options changed', to: wanted('B') },
      ],
      'it',
    );

    assert.deepEqual(
      warnings.map((warning) => ['A', 'B'].filter((name) => warning.includes(`"${name}"`))),
      [['A'], ['B']],
    );
  });
});

describe('a removal that would take the group from others', () => {
  it('names them, one or several', () => {
    const messageFor = (others: string): string => {
      const current = aGroup([secretVariable('A')], {
        description: `[infisical-sync: shop-prod owns *]${others}`,
      });
      const remove = settings({ action: 'remove' });
      const plan = planDestination(
        remove,
        { variables: [], names: ['A'], sourceMayBeIncomplete: false },
        current,
      );
      try {
        refuseIfUnsafe({ plan, settings: remove, current, destination: 'it', firstSync: false });
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const [web, job] = ['web', 'job'].map(
      (name) => `\n[infisical-sync: ${name} owns ${name.toUpperCase()}_*]`,
    );

    assert.equal(messageFor(''), '');
    assert.match(messageFor(web ?? ''), /the mark of sync "web"/);
    assert.match(messageFor(`${web ?? ''}${job ?? ''}`), /the mark of syncs "web"/);
  });
});

describe('a text that is shown', () => {
  it('is harmless though it has no letter in it', () => {
    assert.equal(shown('##['), '##_[');
  });

  it('begins with a capital, and stays as it is behind it', () => {
    assert.equal(capitalized('variable Group'), 'Variable Group');
  });
});

it('names that are read without values leave nothing out for its tags', () => {
  assert.deepEqual(namesOnly({ secrets: [aListedSecret('A')], imports: [] }, aScope()).untagged, []);
});
