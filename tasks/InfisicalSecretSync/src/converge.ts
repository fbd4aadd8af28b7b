import { DestinationError } from './domain/errors.js';
import {
  isFirstSync,
  planDestination,
  type Desired,
  type DestinationPlan,
} from './domain/destination-plan.js';
import { refuseIfUnsafe } from './domain/guard.js';
import type { Change } from './domain/plan.js';
import { carryOver } from './domain/rounds.js';
import type { SyncSettings } from './domain/settings.js';
import type { Clock, ReadDestination, VariableStore, WriteOutcome } from './ports.js';

/** A destination read longer ago than this is read again before it is written: a group has no lock and no ETag. */
const freshForMs = 1_000;
const mostUnknownWrites = 5;
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
    if (plan.write === 'nothing' || settings.action === 'plan') return rounds.converged(plan);
    const again = await reread(current, plan, convergence);
    clock.stopIfAsked();
    if (again.version === current.version) {
      convergence.stateIs('write under way');
      const outcome = await store.write(plan, rounds.unknownWrites + 1);
      rounds.add(plan, outcome);
      if (outcome.kind === 'verified') {
        convergence.stateIs('verified');
        return rounds.converged(plan);
      }
      convergence.stateIs('written, not verified');
      await clock.wait(rounds.pauseMs(outcome, store.title));
      current = await store.read();
    } else {
      rounds.overtaken(store.title);
      current = again;
    }
  }
}

/** A deletion of the whole group is never based on an older read: nothing could bring a rival's variable back. */
async function reread(
  current: ReadDestination,
  plan: DestinationPlan,
  { store, clock }: Convergence,
): Promise<ReadDestination> {
  const fresh = clock.nowMs() - current.readAtMs <= freshForMs && plan.write !== 'delete';
  return fresh ? current : store.read();
}

/** Keeps count of what was tried, and says when it was too often. */
class Rounds {
  count = 0;
  unknownWrites = 0;
  #changes: Change[] = [];
  #contested = false;
  #wrote = false;
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
    this.#wrote = true;
    this.#changes = carryOver(this.#changes, plan.changes);
    if (outcome.kind === 'unknown') this.unknownWrites += 1;
    if (outcome.kind === 'contested') this.#contested = true;
  }

  /** The group changed between reading and writing, so the plan was made for something that is no more. */
  overtaken(title: string): void {
    this.count += 1;
    this.#refuseAnother(`${title} was changed by somebody else each time before it could be written`);
  }

  /** How long to wait before the next round. @throws DestinationError when there must be none. */
  pauseMs(outcome: Exclude<WriteOutcome, { kind: 'verified' }>, title: string): number {
    if (outcome.kind === 'contested') {
      this.#refuseAnother(`${title} was written by somebody else at the same time, again and again`);
      return 200 + this.#clock.random() * 1_800;
    }
    if (this.unknownWrites >= mostUnknownWrites) {
      throw new DestinationError(
        `Azure DevOps did not confirm a write to ${title} (${outcome.why}; tried ${String(this.unknownWrites)} times). It may have taken effect; running the step again puts it right.`,
      );
    }
    this.#refuseAnother(`${title} could not be written in time: ${outcome.why}`);
    return outcome.waitMs;
  }

  converged(plan: DestinationPlan): Converged {
    return {
      changes: carryOver(this.#changes, plan.changes),
      wrote: this.#wrote,
      contested: this.#contested,
    };
  }

  #refuseAnother(why: string): void {
    if (this.count < this.#mostRounds && this.#clock.nowMs() < this.#deadlineMs) return;
    throw new DestinationError(
      `${why.charAt(0).toUpperCase()}${why.slice(1)}. Let one pipeline at a time write it (an exclusive lock check with lockBehavior: sequential), then run the step again.`,
    );
  }
}
