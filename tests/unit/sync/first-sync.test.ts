import assert from 'node:assert/strict';
import type { CurrentDestination, DestinationPlan } from '#task/domain/destination-plan.js';
import type { SyncSettings } from '#task/domain/settings.js';
import type { ReadDestination, VariableStore, WriteOutcome } from '#task/ports.js';
import { converge } from '#task/sync/converge.js';
import type { Converged } from '#task/sync/rounds.js';
import { aGroup, plainVariable, settings, unwatched, wanted } from '../../support/builders.js';
import { FakeClock } from '../../support/fake-clock.js';

const names = Array.from({ length: 12 }, (_, index) => `OLD_${String(index)}`);

/** A group that a rival puts into another state after each write, and in the end leaves alone. */
class ContestedStore implements VariableStore {
  readonly title = 'variable group "web"';
  readonly place = { kind: 'pipelineVariables' } as const;
  readonly mostRounds = 10;
  readonly written: DestinationPlan[] = [];
  readonly #states: CurrentDestination[];
  readonly #clock: FakeClock;

  constructor(states: CurrentDestination[], clock: FakeClock) {
    this.#states = states;
    this.#clock = clock;
  }

  read(): Promise<ReadDestination> {
    const index = Math.min(this.written.length, this.#states.length - 1);
    const state = this.#states[index] as CurrentDestination;
    return Promise.resolve({ ...state, version: String(index), readAtMs: this.#clock.nowMs() });
  }

  write(plan: DestinationPlan): Promise<WriteOutcome> {
    this.written.push(plan);
    const isLast = this.written.length >= this.#states.length;
    return Promise.resolve(isLast ? { kind: 'verified' } : { kind: 'contested', tookEffect: true });
  }
}

async function sync(
  store: ContestedStore,
  chosen: Partial<SyncSettings>,
  clock: FakeClock,
): Promise<Converged> {
  return converge(await store.read(), {
    settings: settings(chosen),
    desired: { variables: [wanted('A')], names: ['A'], sourceMayBeIncomplete: false },
    store,
    clock,
    ...unwatched,
  });
}

describe('whether it is the first sync', () => {
  const full = names.map((name) => plainVariable(name));

  it('is what it was when the run began: what the person agreed to holds after a write that a rival contested', async () => {
    const clock = new FakeClock();
    const store = new ContestedStore([aGroup(full, { description: '' }), aGroup(full)], clock);

    const { contested } = await sync(store, { overwriteOnFirstSync: true, maxDeletions: 3 }, clock);

    assert.deepEqual([contested, store.written.length], [true, 2]);
  });

  it('is what it was when the run began: a rival that takes our mark away takes no limit away', async () => {
    const clock = new FakeClock();
    const store = new ContestedStore(
      [aGroup([plainVariable('OLD_0')]), aGroup(full, { description: '' })],
      clock,
    );

    await assert.rejects(sync(store, { overwriteOnFirstSync: true, maxDeletions: 3 }, clock), {
      name: 'UnsafePlanError',
    });
    assert.equal(store.written.length, 1);
  });
});
