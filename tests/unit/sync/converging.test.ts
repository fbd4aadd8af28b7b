import assert from 'node:assert/strict';
import type { CurrentDestination } from '#task/domain/destination-plan.js';
import { CancelledError, DestinationError } from '#task/domain/errors.js';
import { aGroup, plainVariable } from '../../support/builders.js';
import { play, kinds, withVariable, outdated } from '../../support/converging.js';
import { FakeClock } from '../../support/fake-clock.js';
import { MemoryGroup } from '../../support/in-process.js';

describe('a destination that was planned on', () => {
  for (const [ageMs, reads] of [
    [0, 1],
    [1_000, 1],
    [1_001, 2],
  ] as const) {
    it(`${String(ageMs)} ms ago is read ${reads === 1 ? 'once' : 'again'} before it is written`, async () => {
      const clock = new FakeClock();
      const group = outdated(clock);

      const { wrote, contested: rivals, states } = await play({ group, clock, ageMs });

      assert.deepEqual([group.reads, group.plans.length, wrote, rivals], [reads, 1, true, false]);
      assert.deepEqual([states, clock.waits], [['write under way', 'verified'], []]);
    });
  }

  it('is read again before it is deleted, however short a time ago it was read', async () => {
    const clock = new FakeClock();
    const group = outdated(clock);

    await play({ group, clock, settings: { action: 'remove' } });

    assert.deepEqual([group.reads, group.plans[0]?.write, group.held.exists], [2, 'delete', false]);
  });

  it('is planned on anew, and shown once, when somebody wrote it meanwhile', async () => {
    const clock = new FakeClock();
    const group = outdated(clock);
    group.rivalBefore(2, withVariable('B'));

    const { shown } = await play({ group, clock, ageMs: 1_001 });

    assert.deepEqual([kinds(group, 0), group.plans.length, shown], [['update A', 'delete B'], 1, 1]);
  });

  for (const [title, rival] of [
    ['has another version and holds the same', (held: CurrentDestination) => held],
    [
      'has the same version and holds something else',
      (held: CurrentDestination, group: MemoryGroup) => {
        group.version -= 1;
        return withVariable('B')(held);
      },
    ],
  ] as const) {
    it(`counts as changed when it ${title}`, async () => {
      const clock = new FakeClock();
      const group = outdated(clock);
      group.mostRounds = 1;
      group.rivalBefore(2, (held) => rival(held, group));

      await assert.rejects(play({ group, clock, ageMs: 1_001 }), DestinationError);
      assert.equal(group.plans.length, 0);
    });
  }

  it('is not written when it is as wanted, and not when a plan is all that was asked for', async () => {
    const clock = new FakeClock();
    for (const [group, given] of [
      [new MemoryGroup(aGroup([plainVariable('A', 'new')]), clock), {}],
      [outdated(clock), { action: 'plan' }],
      [outdated(clock), { action: 'check' }],
    ] as const) {
      const { wrote, states, digest } = await play({ group, clock, settings: given, ageMs: 5_000 });

      assert.deepEqual([wrote, states, group.plans, group.reads], [false, [], [], 1]);
      assert.equal(digest !== undefined, 'action' in given);
    }
  });

  it('is not written when the step was asked to stop', async () => {
    const clock = new FakeClock();
    const group = outdated(clock);
    clock.stopIfAsked = () => {
      throw new CancelledError();
    };

    await assert.rejects(play({ group, clock }), CancelledError);
    assert.equal(group.plans.length, 0);
  });
});
