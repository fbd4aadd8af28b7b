import assert from 'node:assert/strict';
import { aGroup, aPipeline, secretVariable, wanted } from '../../support/builders.js';
import { play, kinds } from '../../support/converging.js';
import { FakeClock } from '../../support/fake-clock.js';
import { MemoryGroup, unheardOf } from '../../support/in-process.js';
import { aPlace, aRecording, written } from '../../support/records.js';

describe('a record, once something went otherwise than planned,', () => {
  const recording = aRecording();
  const two = [wanted('A', 'a'), wanted('B', 'b')];
  const three = [...two, wanted('C', 'c')];

  it('is not believed any more: all is written again', async () => {
    const clock = new FakeClock();
    const group = new MemoryGroup(written(two), clock);
    group.outcomes.push(unheardOf());

    await play({ group, clock, desired: { variables: three, recording } });

    assert.deepEqual(kinds(group, 0), ['keep A', 'keep B', 'create C']);
    assert.deepEqual(kinds(group, 1), ['rewrite A', 'rewrite B', 'create C']);
  });

  it('is made anew, and believed by the next run', async () => {
    const clock = new FakeClock();
    const group = new MemoryGroup(written(two), clock);
    group.outcomes.push(unheardOf());
    await play({ group, clock, desired: { variables: three, recording } });

    const { wrote } = await play({ group, clock, desired: { variables: three, recording } });

    assert.equal(wrote, false);
  });

  it('is believed until then, by the second read before a write, too', async () => {
    const clock = new FakeClock();
    const group = new MemoryGroup(written(two), clock);

    await play({ group, clock, desired: { variables: three, recording }, ageMs: 1_001 });

    assert.deepEqual(kinds(group, 0), ['keep A', 'keep B', 'create C']);
  });

  it('is nothing to a destination that has none', async () => {
    const clock = new FakeClock();
    const group = new MemoryGroup(aPipeline([secretVariable('A')]), clock);
    group.outcomes.push(unheardOf());

    await play({ group, clock, desired: { variables: [wanted('A')], recording } });

    assert.deepEqual(
      group.plans.map(({ changes }) => changes.map(({ because }) => because)),
      [['a secret can’t be compared'], ['a secret can’t be compared']],
    );
  });

  it('has the time of the last read before the write', async () => {
    const clock = new FakeClock();
    const group = new MemoryGroup(aGroup([], { place: aPlace() }), clock);
    const began = Math.floor(clock.now / 1_000);

    await play({ group, clock, desired: { variables: two, recording }, ageMs: 7_000 });

    const [, time = ''] = /infisical-sync-record: shop-prod 1 \S+ (\d+) /.exec(group.held.description) ?? [];
    assert.equal(Number(time) - began, 7);
  });
});
