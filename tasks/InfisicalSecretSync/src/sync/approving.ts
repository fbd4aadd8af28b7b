import {
  planDigest,
  refuseOtherDeletions,
  refuseOtherPlan,
  type DigestKey,
  type Planned,
} from '../domain/approval.js';
import type { DestinationPlan } from '../domain/destination-plan.js';
import { onlyLooks, type SyncSettings } from '../domain/settings.js';
import type { ReadDestination } from '../ports.js';

/** What the digest of a plan is made with. */
export interface Digest {
  key: DigestKey;
  options: readonly string[];
}

/** Holds what will be done against the plan that somebody approved, where somebody had to. */
export class Approval {
  readonly #first: DestinationPlan;
  readonly #parts: { settings: SyncSettings; title: string; digest: Digest };

  /** @param first the plan that is made first; once it counts as approved, it is what was approved */
  constructor(first: DestinationPlan, parts: { settings: SyncSettings; title: string; digest: Digest }) {
    this.#first = first;
    this.#parts = parts;
  }

  /** What a plan that is only looked at is told from every other by. */
  digestOf(plan: DestinationPlan, read: ReadDestination): { digest?: string } {
    const { settings, digest } = this.#parts;
    return onlyLooks(settings.action) ? { digest: planDigest(this.#planned(plan, read), digest.key) } : {};
  }

  /**
   * @param hasWritten whether a write of this run may have taken effect: then its plans are others by themselves
   * @throws UnsafePlanError for what nobody approved
   */
  check(plan: DestinationPlan, read: ReadDestination, hasWritten: boolean): void {
    const { settings, digest } = this.#parts;
    if (settings.approvedPlan === '') return;
    if (hasWritten) refuseOtherDeletions(this.#first.changes, plan);
    else refuseOtherPlan(settings.approvedPlan, this.#planned(plan, read), digest.key);
  }

  #planned({ changes }: DestinationPlan, { version }: ReadDestination): Planned {
    return { changes, destination: this.#parts.title, version, options: this.#parts.digest.options };
  }
}
