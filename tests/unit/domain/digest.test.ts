import assert from 'node:assert/strict';
import { digestPattern, planDigest, refuseOtherDeletions, refuseOtherPlan } from '#task/domain/approval.js';
import { planDestination } from '#task/domain/destination-plan.js';
import type { Change } from '#task/domain/plan.js';
import { noGroup, settings, wanted } from '../../support/builders.js';
import { aRecording } from '../../support/records.js';

describe('the digest of a plan', () => {
  const changes: Change[] = [
    { kind: 'create', name: 'A', because: 'new', to: wanted('A', 'v') },
    { kind: 'update', name: 'B', because: 'different', to: wanted('B', 'v', false) },
    { kind: 'delete', name: 'C', because: 'not in Infisical' },
    { kind: 'keep', name: 'D', because: 'same', to: wanted('D', 'v') },
  ];
  const planned = { changes, destination: 'variable group "web"', version: '7', options: ['a', 'b'] };
  const key = { mac: aRecording().mac, isSecret: true };

  it('is what an earlier version made of the same plan: an approval outlives an update', () => {
    assert.deepEqual(
      [
        planDigest(planned, key),
        planDigest({ ...planned, version: undefined }, key),
        planDigest(planned, { ...key, isSecret: false }),
      ],
      [
        '1.NPakLmbqns8Uf8YDBmAXek.pOATcy.BpYqGh.PFhzhvyg5tNS6qo',
        '1.6sFUoBdjHcTbGT_0ByF9q-.T_GocU.BpYqGh.PFhzhvyg5tNS6qo',
        '1.vozYeJXPIwHRctAxjjS4Rp.pOATcy.BpYqGh.egGcE6eMraNS6qo',
      ],
    );
  });

  it('is known by its form, from its first character to its last', () => {
    const digest = planDigest(planned, key);

    assert.match(digest, digestPattern);
    for (const other of [`x${digest}`, `${digest}!`, `${digest}\n`])
      assert.doesNotMatch(other, digestPattern);
  });

  it('lists 2,000 rows, and of more tells the whole alone', () => {
    const many = (count: number): Change[] =>
      Array.from({ length: count }, (_, index) => ({
        ...{ kind: 'delete', name: `N${String(index)}`, because: 'not in Infisical' },
      }));
    const rowsOf = (count: number): string =>
      planDigest({ ...planned, changes: many(count) }, key).split('.')[4] ?? '';

    assert.deepEqual([rowsOf(2_000).length, rowsOf(2_001)], [10_000, '']);
  });

  it('refuses what has no rows with what is new in it, and with nothing that is gone', () => {
    assert.throws(
      () => {
        refuseOtherPlan('1.a.b.c.', planned, key);
      },
      ({ message }: Error) => {
        assert.match(message, /create "A"[^]*update "B"[^]*not approved: delete "C"/);
        assert.doesNotMatch(message, /no longer/);
        return true;
      },
    );
  });

  it('lets nothing be deleted that was only to be changed', () => {
    const plan = {
      ...planDestination(settings(), { variables: [], names: [], sourceMayBeIncomplete: false }, noGroup),
    };
    const deletes = (name: string) => ({
      ...plan,
      changes: [{ kind: 'delete', name, because: 'not in Infisical' } as const],
    });

    refuseOtherDeletions(changes, deletes('c'));
    assert.throws(
      () => {
        refuseOtherDeletions(changes, deletes('A'));
      },
      { name: 'UnsafePlanError' },
    );
  });
});
