import { DestinationError } from '../domain/errors.js';
import {
  isFirstSync,
  isSameDestination,
  planDestination,
  type Desired,
  type DestinationPlan,
} from '../domain/destination-plan.js';
import { refuseIfUnsafe } from '../domain/guard.js';
import { marksIn } from '../domain/mark.js';
import type { Change } from '../domain/plan.js';
import { carryOver } from '../domain/rounds.js';
import type { SyncSettings } from '../domain/settings.js';
import { counted } from '../domain/text.js';
import type { Clock, ReadDestination, VariableStore, WriteOutcome } from '../ports.js';

/** A destination read longer ago than this is read again before it is written: a group has no lock and no ETag. */
const freshForMs = 1_000;
/**
 * Whoever read a shared group before our write and writes after our read-back takes our variables away, and sees
 * nothing wrong. Longer than any sync takes from its last read to its write, so that one look after it tells.
 */
const secondLookMs = 1_500;
const mostUnconfirmed = 5;
const longestConvergenceMs = 120_000;

/** What is known of the destination at any moment, for the message of a run that stops half-way. */
export type WriteState = 'nothing written' | 'write under way' | 'written, not verified' | 'verified';

export interface Convergence {
  settings: SyncSettings;
  desired: Desired;
  store: VariableStore;
  clock: Clock;
  /** Called with each plan before the guard looks at it. */
  show(plan: DestinationPlan): void;
  stateIs(state: WriteState): void;
}

export interface Converged {
  changes: Change[];
  wrote: boolean;
  contested: boolean;
}

/** Plans, guards, writes and verifies until the destination is as planned. @throws SyncError when it can't be. */
export async function converge(start: ReadDestination, convergence: Convergence): Promise<Converged> {
  const { settings, desired, store, clock } = convergence;
  const rounds = new Rounds(clock, store.mostRounds);
  const firstSync = isFirstSync(settings, start);
  let current = start;
  for (;;) {
    const plan = planDestination(settings, desired, current);
    if (rounds.count === 0) convergence.show(plan);
    refuseIfUnsafe({ plan, settings, current, destination: store.title, firstSync });
    if (plan.write === 'nothing' || settings.action === 'plan') {
      const converged = rounds.converged(plan);
      if (converged.wrote) convergence.stateIs('verified');
      return converged;
    }
    const isShared = mayHaveRivals(plan, settings, firstSync);
    const again = await reread(current, plan, {
      ...convergence,
      isFirstOfShared: isShared && rounds.count === 0,
    });
    clock.stopIfAsked();
    if (isUnchanged(again, current)) {
      const outcome = await apply(plan, { ...convergence, isShared, rounds });
      if (outcome.kind === 'verified') return rounds.converged(plan);
      if (outcome.kind === 'refused') throw outcome.because;
      await clock.wait(rounds.pauseMs(outcome, store.title));
      current = await store.read();
    } else {
      rounds.overtaken(store.title);
      current = again;
    }
  }
}

/** Writes once, and looks whether that holds. */
async function apply(
  plan: DestinationPlan,
  convergence: Convergence & { isShared: boolean; rounds: Rounds },
): Promise<WriteOutcome> {
  const { store, isShared, rounds } = convergence;
  convergence.stateIs(rounds.stateIfCutOff);
  const outcome = await store.write(plan, rounds.unconfirmed + 1);
  rounds.add(plan, outcome);
  convergence.stateIs(rounds.state);
  if (outcome.kind !== 'verified' || !isShared || (await lasts(convergence))) return outcome;
  const undone = rounds.undone();
  convergence.stateIs(rounds.state);
  return undone;
}

/** Whether other syncs write the same group, as far as their marks and a first sync, whose mark is not there yet, tell. */
function mayHaveRivals(plan: DestinationPlan, settings: SyncSettings, firstSync: boolean): boolean {
  const isOthersToo = firstSync || marksIn(plan.description).some((name) => name !== settings.syncName);
  return settings.keySchema.narrows && isOthersToo && plan.write !== 'delete';
}

/** Whether what was written is still there when rivals that had read before it must have written. */
async function lasts({ settings, desired, store, clock }: Convergence): Promise<boolean> {
  await clock.wait(secondLookMs);
  const now = await store.read();
  const { changes, description } = planDestination(settings, desired, now);
  const asPlanned = changes.every(({ kind }) => kind === 'keep' || kind === 'rewrite');
  return now.exists && asPlanned && description === now.description;
}

function isUnchanged(again: ReadDestination, current: ReadDestination): boolean {
  return again.version === current.version && isSameDestination(again, current);
}

/** A deletion of the whole group is never based on an older read: nothing could bring a rival's variable back. */
async function reread(
  current: ReadDestination,
  plan: DestinationPlan,
  { store, clock, isFirstOfShared }: Convergence & { isFirstOfShared: boolean },
): Promise<ReadDestination> {
  if (isFirstOfShared) return store.read();
  const fresh = clock.nowMs() - current.readAtMs <= freshForMs && plan.write !== 'delete';
  return fresh ? current : store.read();
}

/** Keeps count of what was tried, and says when it was too often. */
class Rounds {
  count = 0;
  /** Writes that nobody confirmed. */
  unconfirmed = 0;
  /** What is known for certain after all writes so far. */
  state: WriteState = 'nothing written';
  #rivals = 0;
  #changes: Change[] = [];
  #contested = false;
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  readonly #mostRounds: number;

  constructor(clock: Clock, mostRounds: number) {
    this.#clock = clock;
    this.#mostRounds = mostRounds;
    this.#deadlineMs = clock.nowMs() + longestConvergenceMs;
  }

  add(plan: DestinationPlan, outcome: WriteOutcome): void {
    this.count += 1;
    if (outcome.kind === 'unknown' || outcome.kind === 'deferred') this.unconfirmed += 1;
    if (outcome.kind === 'contested') this.#contested = true;
    const reached = this.#stateAfter(outcome);
    if (reached === undefined) return;
    this.state = reached;
    this.#changes = carryOver(this.#changes, plan.changes);
  }

  /** A write that was verified did not last: somebody who had read before it has written after it. */
  undone(): WriteOutcome {
    this.state = 'written, not verified';
    this.#contested = true;
    return { kind: 'contested', tookEffect: true };
  }

  /** What is known when a write is begun and no more is heard of it. */
  get stateIfCutOff(): WriteState {
    return this.state === 'nothing written' ? 'write under way' : this.state;
  }

  /** The group changed between reading and writing, so the plan was made for something that is no more. */
  overtaken(title: string): void {
    this.count += 1;
    this.#refuseAnotherRival(`${title} was changed by somebody else each time before it could be written`);
  }

  /** How long to wait before the next round. @throws DestinationError when there must be none. */
  pauseMs(outcome: Exclude<WriteOutcome, { kind: 'verified' | 'refused' }>, title: string): number {
    if (outcome.kind === 'contested') {
      this.#refuseAnotherRival(`${title} was written by somebody else at the same time, again and again`);
      return 200 + this.#clock.random() * 1_800;
    }
    if (this.unconfirmed >= mostUnconfirmed || this.#isLate()) {
      throw new DestinationError(
        `Azure DevOps did not confirm a write to ${title} (${outcome.why}; tried ${counted(this.unconfirmed, 'time')}).`,
      );
    }
    return outcome.waitMs;
  }

  converged(plan: DestinationPlan): Converged {
    return {
      changes: carryOver(this.#changes, plan.changes),
      wrote: this.state !== 'nothing written',
      contested: this.#contested,
    };
  }

  /** `undefined` when the write took no effect. */
  #stateAfter(outcome: WriteOutcome): WriteState | undefined {
    switch (outcome.kind) {
      case 'verified':
        return 'verified';
      case 'contested':
        return outcome.tookEffect ? 'written, not verified' : undefined;
      case 'unknown':
        return this.stateIfCutOff;
      case 'deferred':
      case 'refused':
        return undefined;
    }
  }

  #isLate(): boolean {
    return this.#clock.nowMs() >= this.#deadlineMs;
  }

  #refuseAnotherRival(why: string): void {
    this.#rivals += 1;
    if (this.#rivals < this.#mostRounds && !this.#isLate()) return;
    throw new DestinationError(
      `${why.charAt(0).toUpperCase()}${why.slice(1)}. Let one pipeline at a time write it (an exclusive lock check with lockBehavior: sequential), then run the step again.`,
    );
  }
}
