import assert from 'node:assert/strict';
import { DestinationError } from '#task/domain/errors.js';
import { play, withVariable, without, outdated } from '../../support/converging.js';
import { FakeClock } from '../../support/fake-clock.js';
import { contested, deferred, unheardOf } from '../../support/in-process.js';

describe('a write', () => {
  it('that is refused ends the run with what refused it', async () => {
    const clock = new FakeClock();
    const group = outdated(clock);
    const because = new DestinationError('No.');
    group.outcomes.push({ apply: false, outcome: { kind: 'refused', because } });

    await assert.rejects(play({ group, clock }), because);
    assert.equal(group.plans.length, 1);
  });

  it('that somebody contested is read and planned again after a pause', async () => {
    const clock = new FakeClock();
    const group = outdated(clock);
    group.outcomes.push(contested(true));

    const outcome = await play({ group, clock });

    assert.deepEqual([outcome.contested, outcome.wrote, group.plans.length], [true, true, 1]);
    assert.deepEqual(outcome.states, ['write under way', 'written, not verified', 'verified']);
    assert.deepEqual([clock.waits, group.reads], [[1_100], 2]);
    assert.deepEqual(
      outcome.changes.map(({ kind, name }) => `${kind} ${name}`),
      ['update A'],
    );
  });

  it('that took no effect is made again, and counts as tried again only when nobody confirmed it', async () => {
    for (const [ending, waitMs, attempts] of [
      [contested(false), 1_100, [1, 1]],
      [deferred, 900, [1, 2]],
      [unheardOf(), 700, [1, 2]],
    ] as const) {
      const clock = new FakeClock();
      const group = outdated(clock);
      group.outcomes.push(ending);

      const { states } = await play({ group, clock });

      assert.deepEqual([group.attempts, clock.waits], [attempts, [waitMs]]);
      const between = ending.outcome.kind === 'unknown' ? 'write under way' : 'nothing written';
      assert.deepEqual(states, ['write under way', between, 'write under way', 'verified']);
    }
  });

  it('that nobody confirms is made five times', async () => {
    const clock = new FakeClock();
    const group = outdated(clock);
    group.outcomes.push(...Array.from({ length: 9 }, () => unheardOf()));

    await assert.rejects(play({ group, clock }), DestinationError);
    assert.deepEqual([group.attempts, clock.waits.length], [[1, 2, 3, 4, 5], 4]);
  });

  it('that is contested each time is made as often as the destination says', async () => {
    const clock = new FakeClock();
    const group = outdated(clock);
    group.mostRounds = 3;
    group.outcomes.push(...Array.from({ length: 9 }, () => contested(false)));

    await assert.rejects(play({ group, clock }), DestinationError);
    assert.equal(group.plans.length, 3);
  });

  for (const ending of [contested(false), deferred]) {
    it(`that is ${ending.outcome.kind} is not made again after two minutes`, async () => {
      for (const [lateMs, writes] of [
        [119_999, 2],
        [120_000, 1],
      ] as const) {
        const clock = new FakeClock();
        const group = outdated(clock);
        group.outcomes.push(ending, { apply: true, outcome: { kind: 'verified' } });
        const write = group.write.bind(group);
        group.write = (plan, attempt) => {
          clock.now = Date.UTC(2026, 10, 24) + lateMs;
          return write(plan, attempt);
        };

        const run = play({ group, clock });

        if (writes === 1) await assert.rejects(run, DestinationError);
        else await run;
        assert.equal(group.plans.length, writes);
      }
    });
  }

  it('of what nobody had approved does not begin', async () => {
    const clock = new FakeClock();
    const group = outdated(clock);

    await assert.rejects(play({ group, clock, settings: { approvedPlan: '1.x.y.z.' } }), {
      name: 'UnsafePlanError',
    });
    assert.equal(group.plans.length, 0);
  });

  it('of an approved plan goes on after a rival, and deletes nothing but what was approved', async () => {
    const { digest = '' } = await play({
      group: outdated(new FakeClock()),
      clock: new FakeClock(),
      settings: { action: 'plan' },
    });
    for (const [rival, writes] of [
      [without('A'), 2],
      [withVariable('B'), 1],
    ] as const) {
      const clock = new FakeClock();
      const group = outdated(clock);
      group.outcomes.push(contested(true));
      group.rivalBefore(2, rival);

      const run = play({ group, clock, settings: { approvedPlan: digest } });

      if (writes === 1) await assert.rejects(run, { name: 'UnsafePlanError' });
      else await run;
      assert.equal(group.plans.length, writes);
    }
  });

  it('that took no effect leaves the approval as strict as it was', async () => {
    const { digest = '' } = await play({
      group: outdated(new FakeClock()),
      clock: new FakeClock(),
      settings: { action: 'plan' },
    });
    const clock = new FakeClock();
    const group = outdated(clock);
    group.outcomes.push(contested(false));
    group.rivalBefore(2, (held) => held);

    await assert.rejects(play({ group, clock, settings: { approvedPlan: digest } }), {
      name: 'UnsafePlanError',
    });
  });
});
