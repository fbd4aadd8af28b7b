import type { Report } from '../domain/report.js';

/** What is known of the destination at any moment, for the message of a run that stops half-way. */
export type WriteState = 'nothing written' | 'write under way' | 'written, not verified' | 'verified';

/** A run that stopped, for the reason in `cause`, and what it had done to the destination by then. */
export class StoppedRun extends Error {
  readonly state: WriteState;

  constructor(state: WriteState, cause: unknown) {
    super('The run stopped.', { cause });
    this.state = state;
  }
}

/** What a run that went to its end did to the destination. */
export function stateAfter({ status }: Report): WriteState {
  return status === 'synced' || status === 'removed' ? 'verified' : 'nothing written';
}
