import assert from 'node:assert/strict';
import type { CurrentDestination } from '#task/domain/destination-plan.js';
import { aGroup, aSchema, noGroup, plainVariable, secretVariable, wanted } from '../../support/builders.js';
import { play, plain, kinds, withValue, withVariable, without } from '../../support/converging.js';
import { FakeClock } from '../../support/fake-clock.js';
import { contested, MemoryGroup } from '../../support/in-process.js';

describe('a group that several syncs write', () => {
  const narrow = { keySchema: aSchema('APP_{{secretKey}}') };
  const marks = '[infisical-sync: shop-prod owns APP_*]';
  const others = `${marks}\n[infisical-sync: web owns WEB_*]`;
  const unmarked = { description: '[infisical-sync: web owns WEB_*]' };
  const desired = { variables: [plain('APP_A', 'new')] };
  const shared = (clock: FakeClock, description = others): MemoryGroup =>
    new MemoryGroup(aGroup([plainVariable('APP_A', 'old'), plainVariable('WEB_A')], { description }), clock);

  for (const [title, description, given, reads, waits] of [
    ['another sync’s mark is there', others, narrow, 3, [1_500]],
    ['it is the first sync with this key schema', 'by hand', narrow, 3, [1_500]],
    ['the mark of this sync is there alone', marks, narrow, 1, []],
    ['it is the first sync without a key schema', 'by hand', { disableSecretDeletion: true }, 1, []],
  ] as const) {
    it(`is read right before the write, and looked at once more 1.5 s after it, or not: ${title}`, async () => {
      const clock = new FakeClock();
      const group = shared(clock, description);

      const { states } = await play({ group, clock, settings: given, desired });

      assert.deepEqual([group.reads, clock.waits, group.plans.length], [reads, waits, 1]);
      assert.deepEqual(states, ['write under way', 'verified']);
    });
  }

  it('is read right before the write in the first round only, and not looked at while the write is contested', async () => {
    const clock = new FakeClock();
    const group = shared(clock);
    group.outcomes.push(contested(false));

    await play({ group, clock, settings: narrow, desired });

    assert.deepEqual([group.reads, clock.waits], [4, [1_100, 1_500]]);
  });

  it('is not read once more when it was found changed right before the write', async () => {
    const clock = new FakeClock();
    const group = shared(clock);
    group.rivalBefore(2, withVariable('WEB_2'));

    await play({ group, clock, settings: narrow, desired });

    assert.deepEqual([group.reads, group.plans.length], [3, 1]);
  });

  it('has what a person should know said of each plan that took effect, and of the last one', async () => {
    const contestants = `${marks}\n[infisical-sync: web owns APP_*]`;
    const of = async (isContested: boolean): Promise<string[]> => {
      const clock = new FakeClock();
      const held = aGroup([plainVariable('APP_A', 'old'), plainVariable('APP_OPEN')], {
        description: contestants,
      });
      const group = new MemoryGroup(held, clock);
      if (isContested) {
        group.outcomes.push(contested(true));
        group.rivalBefore(3, without('APP_OPEN'));
      }
      return (await play({ group, clock, settings: narrow, desired })).notices;
    };

    for (const isContested of [false, true])
      assert.equal((await of(isContested)).filter((notice) => notice.includes('"APP_OPEN"')).length, 1);
  });

  for (const [title, rival] of [
    ['takes its variable away', without('APP_A')],
    ['takes its mark away', (held: CurrentDestination) => ({ ...held, ...unmarked })],
    ['deletes the group', (): CurrentDestination => noGroup],
  ] as const) {
    it(`is written again when somebody ${title} after the write`, async () => {
      const clock = new FakeClock();
      const group = shared(clock);
      group.rivalBefore(3, rival);

      const outcome = await play({
        group,
        clock,
        settings: { ...narrow, overwriteOnFirstSync: true },
        desired,
      });

      assert.deepEqual([group.plans.length, outcome.contested, outcome.wrote], [2, true, true]);
      assert.match(group.held.description, /shop-prod owns APP_\*/);
      assert.ok(group.held.variables.some(({ name }) => name === 'APP_A'));
      assert.deepEqual(outcome.states.slice(0, 4), [
        'write under way',
        'verified',
        'written, not verified',
        'written, not verified',
      ]);
      assert.equal(outcome.states.at(-1), 'verified');
      assert.deepEqual(clock.waits.slice(0, 2), [1_500, 1_100]);
    });
  }

  it('is written once more, and not twice, by secrets that were found in a group that others go on writing', async () => {
    const clock = new FakeClock();
    const group = new MemoryGroup(aGroup([secretVariable('APP_A')], { description: others }), clock);
    for (const read of [3, 5]) group.rivalBefore(read, withVariable(`WEB_${String(read)}`));

    const { contested: rivals } = await play({
      group,
      clock,
      settings: narrow,
      desired: { variables: [wanted('APP_A', 'new')] },
    });

    assert.deepEqual([group.plans.length, rivals], [2, true]);
  });

  it('is written until a look finds in place what no write had to create', async () => {
    const clock = new FakeClock();
    const group = new MemoryGroup(aGroup([secretVariable('APP_A')], { description: others }), clock);
    group.rivalBefore(3, withVariable('WEB_3'));
    group.rivalBefore(4, without('APP_A'));
    for (const read of [5, 7]) group.rivalBefore(read, withVariable(`WEB_${String(read)}`));

    await play({ group, clock, settings: narrow, desired: { variables: [wanted('APP_A', 'new')] } });

    assert.deepEqual(
      group.plans.map((_, round) => kinds(group, round).filter((row) => row.endsWith('APP_A'))),
      [['rewrite APP_A'], ['create APP_A'], ['rewrite APP_A']],
    );
  });

  for (const [title, rival] of [
    ['gives one of its variables another value', withValue('APP_B', 'theirs')],
    ['takes its mark away', (held: CurrentDestination) => ({ ...held, ...unmarked })],
  ] as const) {
    it(`is not taken for left in place when somebody ${title}`, async () => {
      const clock = new FakeClock();
      const group = shared(clock);
      group.rivalBefore(3, rival);
      group.rivalBefore(5, withVariable('WEB_5'));

      const variables = [wanted('APP_A', 'new'), plain('APP_B', 'new')];
      await play({
        group,
        clock,
        settings: { ...narrow, overwriteOnFirstSync: true },
        desired: { variables },
      });

      assert.equal(group.plans.length, 3);
    });
  }

  it('is not taken for left in place by what the look before had found', async () => {
    const clock = new FakeClock();
    const group = new MemoryGroup(aGroup([secretVariable('APP_A')], { description: others }), clock);
    group.rivalBefore(3, withVariable('WEB_3'));
    group.rivalBefore(5, without('APP_A'));

    await play({ group, clock, settings: narrow, desired: { variables: [wanted('APP_A', 'new')] } });

    assert.deepEqual(group.held.variables.map(({ name }) => name).sort(), ['APP_A', 'WEB_3']);
    assert.equal(group.plans.length, 3);
  });

  it('is as written when only records are different', async () => {
    const clock = new FakeClock();
    const group = shared(clock);
    group.rivalBefore(3, (held) => {
      group.version -= 1;
      return { ...held, description: `${held.description}\n[infisical-sync-record: web 1 x]` };
    });

    await play({ group, clock, settings: narrow, desired });

    assert.equal(group.plans.length, 1);
  });
});
