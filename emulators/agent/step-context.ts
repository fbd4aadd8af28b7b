import type { Endpoint } from './endpoints.js';
import type { Knobs } from './knobs.js';
import type { Masker } from './masker.js';
import type { Restriction } from './restrictions.js';
import type { StepRecord } from './step-record.js';
import type { Platform } from './task-definition.js';
import type { Variables } from './variables.js';

/** What all steps of a job share. */
export interface Job {
  variables: Variables;
  masker: Masker;
  knobs: Knobs;
  endpoints: Endpoint[];
  /** What `task.prependpath` has added, oldest first. */
  prependPath: string[];
  platform: Platform;
  hostType: 'build' | 'release' | 'deployment';
  sourcesFolder: string;
  /** Only tasks of Azure DevOps itself are told it. */
  correlationId: string;
}

/** What a command may touch. */
export interface StepContext {
  job: Job;
  record: StepRecord;
  /** The name under which other steps see output variables. */
  referenceName: string;
  outputNames: ReadonlySet<string>;
  restrictions: readonly Restriction[];
  taskVariables: Variables;
  /** The task says that it is done, whatever its process does. */
  forceCompletion: () => void;
}
