import assert from 'node:assert/strict';
import {
  digestPattern,
  planDigest,
  refuseOtherDeletions,
  refuseOtherPlan,
  type Planned,
} from '#task/domain/approval.js';
import type { DestinationPlan } from '#task/domain/destination-plan.js';
import type { Change } from '#task/domain/plan.js';
import { verdictOn } from '#task/domain/verdict.js';
import { wanted } from '../../support/builders.js';
import { aRecording } from '../../support/records.js';

const key = { mac: aRecording().mac, isSecret: true };
const create = (name: string, value = 'v', isSecret = true): Change => ({
  kind: 'create',
  name,
  because: 'new',
  to: wanted(name, value, isSecret),
});
const gone = (name: string): Change => ({ kind: 'delete', name, because: 'not in Infisical' });
const same = (name: string, isSecret: boolean): Change => ({
  kind: 'keep',
  name,
  because: 'same',
  to: wanted(name, 'v', isSecret),
});
const kept = (name: string): Change => ({ kind: 'keep', name, because: 'deletion disabled' });
const aPlan = (rest: Partial<Planned> = {}): Planned => ({
  changes: [create('A'), gone('B'), kept('C')],
  destination: 'variable group "web"',
  version: '00017',
  options: ['shop', 'prod'],
  ...rest,
});
const refusal = (approved: Planned, now: Planned, by = key): string => {
  try {
    refuseOtherPlan(planDigest(approved, by), now, by);
    return 'none';
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.message.split('\n').slice(1).join('\n');
  }
};

describe('an approved plan', () => {
  it('has a digest that is an output variable, and no value in it', () => {
    assert.match(planDigest(aPlan(), key), digestPattern);
    assert.match(planDigest(aPlan({ changes: [] }), key), digestPattern);
    assert.equal(planDigest(aPlan(), key).length, 49);
  });

  it('is itself, whatever names are spelled like', () => {
    assert.equal(refusal(aPlan(), aPlan({ changes: [create('a'), gone('b'), kept('c')] })), 'none');
  });

  for (const [title, now, message] of [
    [
      'another value',
      { changes: [create('A', 'w'), gone('B'), kept('C')] },
      /^- not approved, or not with this value: create "A" \(secret, new\)\n- 1 approved change is no longer in the plan$/,
    ],
    [
      'plain for secret',
      { changes: [create('A', 'v', false), gone('B'), kept('C')] },
      /^- not approved, or not with this value: create "A" \(plain, new\)\n/,
    ],
    [
      'one more deletion',
      { changes: [create('A'), gone('B'), gone('C')] },
      /^- not approved: delete "C" \(not in Infisical\)$/,
    ],
    [
      'one less',
      { changes: [create('A'), kept('B'), kept('C')] },
      /^- 1 approved change is no longer in the plan$/,
    ],
    [
      'another that stays',
      { changes: [create('A'), gone('B'), kept('D')] },
      /^- the variables that stay as they are$/,
    ],
    [
      'a group written since',
      { version: '00018' },
      /^- variable group "web" was changed, created or deleted after the plan was made$/,
    ],
    ['a group that is gone', { version: undefined }, /was changed, created or deleted/],
    ['another group', { destination: 'variable group "other"' }, /^- variable group "other" was changed/],
    ['other options', { options: ['shop', 'dev'] }, /^- an input or the service connection is not the same$/],
  ] as [string, Partial<Planned>, RegExp][]) {
    it(`is not one with ${title}`, () => {
      assert.match(refusal(aPlan(), aPlan(now)), message);
    });
  }

  it('for a new group is not one for a group that somebody has made since', () => {
    assert.match(refusal(aPlan({ version: undefined }), aPlan()), /was changed, created or deleted/);
  });

  it('with a readable variable that stays is not one with a secret in its place', () => {
    const plain = { changes: [same('A', false)] };

    assert.equal(refusal(aPlan(plain), aPlan(plain)), 'none');
    assert.match(refusal(aPlan(plain), aPlan({ changes: [same('A', true)] })), /stay as they are/);
  });

  it('says without a key nothing of values, and all else', () => {
    const open = { ...key, isSecret: false };

    assert.equal(
      refusal(aPlan(), aPlan({ changes: [create('A', 'w'), gone('B'), kept('C')] }), open),
      'none',
    );
    assert.match(
      refusal(aPlan(), aPlan({ changes: [gone('A'), gone('B'), kept('C')] }), open),
      /not approved: delete "A"/,
    );
  });

  it('of very many rows is told by the whole alone', () => {
    const many = aPlan({ changes: Array.from({ length: 2_001 }, (_, index) => gone(`N${String(index)}`)) });

    assert.ok(planDigest(many, key).length < 60);
    assert.equal(refusal(many, many), 'none');
    assert.match(refusal(many, aPlan({ changes: many.changes.slice(1) })), /not approved/);
  });

  it('goes on after a write of its own, unless it would delete something else', () => {
    const planOf = (...changes: Change[]) => ({ changes }) as DestinationPlan;

    refuseOtherDeletions([gone('B')], planOf(create('A', 'x'), gone('b')));
    assert.throws(() => {
      refuseOtherDeletions([gone('B')], planOf(gone('B'), gone('C')));
    }, /Not approved:\n- delete "C"$/);
  });
});

describe('a check', () => {
  const rewrite = (name: string, because: Extract<Change, { kind: 'rewrite' }>['because']): Change => ({
    kind: 'rewrite',
    name,
    because,
    to: wanted(name),
  });
  const of = (...changes: Change[]) => verdictOn(changes, 'variable group "web"');

  it('says of what is different whether it is plain', () => {
    assert.match(of(create('A', 'v', false)).failure ?? '', /\n- create "A" \(plain\): new$/);
  });

  it('passes what is the same and what is not the sync’s', () => {
    assert.deepEqual(of(kept('A'), { kind: 'keep', name: 'B', because: 'same', to: wanted('B') }), {
      warnings: [],
    });
  });

  it('fails for each create, update and delete, with the names', () => {
    const { failure, warnings } = of(create('A'), gone('B'), {
      kind: 'update',
      name: 'C',
      because: 'different',
      to: wanted('C'),
    });

    assert.match(
      failure ?? '',
      /^Check failed for variable group "web"\. Run a sync to correct these differences:\n- create "A": new\n- delete "B": not in Infisical\n- update "C": different$/,
    );
    assert.deepEqual(warnings, []);
  });

  for (const [because, told] of [
    ['group edited since the last sync', ''],
    ['the record is damaged', ': the record is damaged'],
  ] as const) {
    it(`fails for a group: ${because}`, () => {
      const { failure, warnings } = of(rewrite('A', because), rewrite('B', because));

      assert.match(failure ?? '', new RegExp(`\n- the group was edited since the last sync${told}$`));
      assert.deepEqual(warnings, []);
    });
  }

  for (const because of [
    ...([
      'a secret can’t be compared',
      'never recorded',
      'recorded with another key',
      'options changed',
    ] as const),
    ...(['group shared by several syncs', 'not as recorded', 'no room for a record'] as const),
  ]) {
    it(`warns of what can’t be known: ${because}`, () => {
      const { failure, warnings } = of(rewrite('A', because), rewrite('B', because));

      assert.equal(failure, undefined);
      assert.deepEqual(warnings, [
        `2 secrets in variable group "web" could not be compared with Infisical (${because}): "A" and "B".`,
      ]);
    });
  }
});
