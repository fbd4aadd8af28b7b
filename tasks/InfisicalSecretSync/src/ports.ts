import type { CurrentGroup, GroupPlan } from './domain/group-plan.js';
import type { SecretValue } from './domain/secret-value.js';
import type { SourceListing } from './domain/source.js';

/** Where the secrets come from: Infisical. */
export interface SecretSource {
  /** Signs in and lists. @throws SourceError */
  read(): Promise<SourceListing>;
  /** Gives back what signing in obtained; never throws. */
  signOut(): Promise<void>;
}

/** A variable group as one read found it. */
export interface ReadGroup extends CurrentGroup {
  id?: number;
  /** Changes with every write by anybody; undefined for a group that does not exist. */
  version: string | undefined;
  readAtMs: number;
}

/**
 * How a write ended.
 * - verified: read back, and it is as planned.
 * - contested: a rival wrote at the same time; what is there now has to be read and planned again.
 * - unknown: no answer, or one that says "later"; whether it took effect has to be read.
 */
export type WriteOutcome =
  | { kind: 'verified'; id?: number }
  | { kind: 'contested' }
  | { kind: 'unknown'; why: string; waitMs: number };

/** The destination: a variable group in Azure DevOps. */
export interface VariableStore {
  /** How messages call it: `variable group "web-prod" in project "Shop"`. */
  readonly title: string;
  /** @throws DestinationError */
  read(): Promise<ReadGroup>;
  /** Writes the plan made from the last read, once, and verifies. @throws DestinationError */
  write(plan: GroupPlan, attempt: number): Promise<WriteOutcome>;
  /** Lets pipelines use the group, where the person asked for it; gives what could not be done. */
  authorize(groupId: number): Promise<string[]>;
}

/** The agent that runs the task. */
export interface TaskHost {
  /** Must come before anything else could print one of the values. */
  mask(values: Iterable<SecretValue>): void;
  log(line: string): void;
  warn(message: string): void;
  progress(percent: number, what: string): void;
  setOutput(name: string, value: string): void;
  /** Writes a file that outlives the step and gives its path. */
  writeFile(name: string, content: string): string;
  /** Shows a Markdown file on the run page. */
  uploadSummary(path: string): void;
}

export interface Clock {
  nowMs(): number;
  /** From 0 up to 1. */
  random(): number;
  /** @throws CancelledError when the agent asks the step to stop meanwhile. */
  wait(ms: number): Promise<void>;
  /** @throws CancelledError when the agent has asked the step to stop: no write begins after that. */
  stopIfAsked(): void;
}
