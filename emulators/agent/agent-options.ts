import type { Endpoint } from './endpoints.js';
import type { Runtimes } from './node-choice.js';
import type { Certificates, Proxy } from './proxy-and-certificates.js';
import type { StepTarget } from './restrictions.js';
import type { Condition } from './result.js';
import type { Platform } from './task-definition.js';

export interface MiniAgentOptions {
  /** A folder with task.json, or that of an unpacked .vsix. */
  taskFolder: string;
  collectionUrl: string;
  project: { id: string; name: string };
  jobToken: string;
  hostType?: 'build' | 'release' | 'deployment';
  reason?: string;
  definitionId?: number;
  endpoints?: (Omit<Endpoint, 'id'> & { id?: string })[];
  /** What the job message adds to, or changes of, its usual variables. */
  variables?: Record<string, string | { value: string; isSecret?: boolean; isReadOnly?: boolean }>;
  /** What the agent's own environment has beside PATH, HOME and LANG: never the developer's shell. */
  environment?: Record<string, string>;
  proxy?: Proxy;
  certificates?: Certificates;
  /** The Node binaries of the agent; see `defaultRuntimes`. */
  runtimes?: Runtimes;
  /** The agent's own version; some rules came with one. */
  version?: string;
  platform?: Platform;
  debug?: boolean;
  /** Values that must never show, wherever; as a function, those that are there when a step has ended. */
  canaries?: readonly string[] | (() => readonly string[]);
  waits?: {
    /** The agent's own is 5 s. */
    afterExitMs?: number;
    /** The agent's own is 5 s. */
    afterDoneMs?: number;
    /** The agent's own is (n + 1)² seconds. */
    beforeRetryMs?: (attempt: number) => number;
  };
  faults?: {
    hasNoTempFolder?: boolean;
    isWorkingDirectoryReadOnly?: boolean;
    /** Nobody reads what the step writes for so long. */
    readsAfterMs?: number;
  };
}

/** A step of a pipeline. */
export interface StepOptions {
  /** `Name@1`; the only task of the job unless given. */
  task?: string;
  /** The name by which others see output variables. */
  name?: string;
  displayName?: string;
  inputs: Record<string, string>;
  env?: Record<string, string>;
  condition?: Condition;
  continueOnError?: boolean;
  retryCountOnTaskFailure?: number;
  timeoutMs?: number;
  target?: StepTarget;
  /** As in a container job, though in no container. */
  isInContainer?: boolean;
  /** When it resolves, the job is cancelled. */
  cancelWhen?: Promise<unknown>;
}

/** A script of a few lines, which sees what a shell of a script step sees. */
export interface ScriptOptions extends Omit<StepOptions, 'task' | 'inputs' | 'isInContainer'> {
  script: string;
  /** What runs the script, with its options: Node unless given. */
  interpreter?: readonly [file: string, ...options: string[]];
}

/** The checkout of a repository that has been fetched. */
export interface CheckoutOptions extends Omit<ScriptOptions, 'script' | 'interpreter' | 'env'> {
  /** Its folder. */
  repository: string;
}

export type AnyStep = StepOptions | ScriptOptions | CheckoutOptions;
