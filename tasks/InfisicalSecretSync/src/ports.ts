import type { CurrentDestination, DestinationPlan } from './domain/destination-plan.js';
import type { SyncError } from './domain/errors.js';
import type { DesiredVariable } from './domain/desired.js';
import type { Change } from './domain/plan.js';
import type { Place, Usage } from './domain/report.js';
import type { Mac } from './domain/record/prints.js';
import type { SecretValue } from './domain/secret-value.js';
import type { SourceListing } from './domain/source.js';
import type { WizardSync } from './domain/wizard-sync.js';

/** Where the secrets come from: Infisical. */
export interface SecretSource {
  /** Signs in and lists. @throws SourceError */
  read(): Promise<SourceListing>;
  /** Gives back what signing in obtained; never throws. */
  signOut(): Promise<void>;
}

/** Syncs that somebody made in Infisical. */
export interface WizardSyncs {
  /** Signs in and reads one. @throws SourceError */
  read(project: { kind: 'id' | 'slug'; text: string }, name: string): Promise<WizardSync>;
}

/** The project of Azure DevOps that is written to. */
export interface TeamProjects {
  /** @throws DestinationError */
  project(): Promise<{ id: string; name: string }>;
}

/** A destination as one read found it. */
export interface ReadDestination extends CurrentDestination {
  /** Changes with every write by anybody; undefined for one that does not exist. */
  version: string | undefined;
  readAtMs: number;
}

/**
 * How a write ended.
 * - verified: read back, and it is as planned.
 * - contested: a rival wrote at the same time; what is there now has to be read and planned again.
 * - unknown: no answer, or one that says "later"; whether it took effect has to be read.
 * - deferred: it took no effect, for a reason that may pass; what is there now has to be read and planned again.
 * - refused: it took no effect, and would take none if it were tried again.
 */
export type WriteOutcome =
  | { kind: 'verified'; version?: string }
  | { kind: 'contested'; tookEffect: boolean }
  | { kind: 'unknown' | 'deferred'; why: string; waitMs: number }
  | { kind: 'refused'; because: SyncError };

/** What prints are made with. */
export interface Prints {
  /** What only this machine identity has; undefined where nothing is stored. */
  readonly stored: SecretValue | undefined;
  /** With a key that is derived from a secret. */
  keyed(secret: SecretValue): Mac;
  /** With a key that everybody knows: for what holds no value. */
  readonly open: Mac;
}

/** The destination: a variable group, the variables of this run, or those saved on a pipeline. */
export interface VariableStore {
  /** How messages call it: `variable group "web-prod" in project "Shop"`. */
  readonly title: string;
  /** What the report says of it, as far as it is known by now. */
  readonly place: Place;
  /** How often it is planned and written at most, when somebody else writes it at the same time. */
  readonly mostRounds: number;
  /** @throws DestinationError */
  read(): Promise<ReadDestination>;
  /** Writes the plan made from the last read, once, and verifies. @throws DestinationError */
  write(plan: DestinationPlan, attempt: number): Promise<WriteOutcome>;
}

/** What only a variable group needs: pipelines have to be allowed to use it. */
export interface Permissions {
  /** Lets pipelines use what was synced, where the person asked for it; gives what could not be done. */
  authorize(): Promise<string[]>;
}

/** What only the variables of a run need: the agent can't hold every one, and the job has to read them. */
export interface JobVariables {
  /** What the agent can't hold, all of it. */
  problemsWith(variables: readonly DesiredVariable[]): string[];
  /** How a job reads what was set. */
  usage(changes: readonly Change[]): Usage[];
}

/** The agent that runs the task. */
export interface TaskHost {
  /** Must come before anything else could print one of the values. */
  mask(values: Iterable<SecretValue>): void;
  /** Whether the agent decodes `%AZP25` in this job, as it does unless it is told not to. */
  readonly decodesPercents: boolean;
  log(line: string): void;
  warn(message: string): void;
  progress(percent: number, what: string): void;
  setOutput(name: string, value: string): void;
  /** Writes a file that outlives the step and gives its path. */
  writeFile(name: string, content: string): string;
  /** Shows a Markdown file on the run page. */
  uploadSummary(path: string): void;
}

/** The agent at the end of a step. */
export interface StepHost extends TaskHost {
  fail(message: string): void;
  /** Shown with system.debug only. */
  debug(text: string): void;
  /** Must be the last word. */
  complete(result: 'Succeeded' | 'SucceededWithIssues' | 'Failed'): void;
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
