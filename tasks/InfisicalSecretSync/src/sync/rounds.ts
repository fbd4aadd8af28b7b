import { carryOver } from '../domain/carry-over.js';
import type { DestinationPlan } from '../domain/destination-plan.js';
import { DestinationError } from '../domain/errors.js';
import type { Change } from '../domain/plan.js';
import { capitalized, counted } from '../domain/text.js';
import type { Clock, WriteOutcome } from '../ports.js';
import type { WriteState } from './write-state.js';

const mostUnconfirmed = 5;
const longestConvergenceMs = 120_000;

export interface Converged {
  /** Of a plan that is only looked at. */
  digest?: string;
  changes: Change[];
  wrote: boolean;
  contested: boolean;
  /** See DestinationPlan; of the plans that took effect, and of the last one. */
  notices: string[];
  /** Whether the destination was there before this run wrote it. */
  existed: boolean;
}

/** Keeps count of what was tried, and says when it was too often. */
export class Rounds {
  /** Nothing was tried, and nobody came in between. */
  isFirst = true;
  /** Writes that nobody confirmed. */
  unconfirmed = 0;
  /** What is known for certain after all writes so far. */
  state: WriteState = 'nothing written';
  /** Whether the last look found what was written, in a group that somebody had written since. */
  metInPlace = false;
  #rivals = 0;
  #changes: Change[] = [];
  #existed: boolean | undefined;
  readonly #notices = new Set<string>();
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
    this.isFirst = false;
    if (outcome.kind === 'unknown' || outcome.kind === 'deferred') this.unconfirmed += 1;
    if (outcome.kind === 'contested') this.#contested = true;
    const reached = this.#stateAfter(outcome);
    if (reached === undefined) return;
    this.state = reached;
    this.#existed ??= plan.exists;
    this.#changes = carryOver(this.#changes, plan.changes);
    for (const notice of plan.notices) this.#notices.add(notice);
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
    this.isFirst = false;
    this.#refuseAnotherRival(`somebody else changed ${title} each time before this run could write it`);
  }

  /** How long to wait before the next round. @throws DestinationError when there must be none. */
  pauseMs(outcome: Exclude<WriteOutcome, { kind: 'verified' | 'refused' }>, title: string): number {
    if (outcome.kind === 'contested') {
      this.#refuseAnotherRival(`somebody else wrote to ${title} at the same time, again and again`);
      return 200 + this.#clock.random() * 1_800;
    }
    if (this.unconfirmed >= mostUnconfirmed || this.#isLate()) {
      throw new DestinationError(
        `Azure DevOps did not confirm a write to ${title} in ${counted(this.unconfirmed, 'attempt')}: ${outcome.why}. Run the step again later.`,
      );
    }
    return outcome.waitMs;
  }

  converged(plan: DestinationPlan): Converged {
    return {
      changes: carryOver(this.#changes, plan.changes),
      wrote: this.state !== 'nothing written',
      contested: this.#contested,
      existed: this.#existed ?? plan.exists,
      notices: [...new Set([...this.#notices, ...plan.notices])],
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
      `${capitalized(why)}. Let only one pipeline at a time write to it (an exclusive lock check with lockBehavior: sequential), then run the step again.`,
    );
  }
}
