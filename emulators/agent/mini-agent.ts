import { join } from 'node:path';
import type {
  AnyStep,
  CheckoutOptions,
  MiniAgentOptions,
  ScriptOptions,
  StepOptions,
} from './agent-options.js';
import { prepareCheckout } from './checkout-preparation.js';
import { refuseLeaks, refuseLostUploads } from './leak-check.js';
import { lint } from './lint.js';
import type { NodeFolder } from './node-choice.js';
import { installTasks, uninstallTasks, type InstalledTask } from './package.js';
import { prepareTask, type Preparation } from './preparation.js';
import type { TaskResult } from './result.js';
import { RunningJob } from './running-job.js';
import { prepareScript } from './script-preparation.js';
import { resolveAliases, resolveResources, resolveTask } from './server.js';
import { runOneStep } from './step-runner.js';
import type { StepRecord } from './step-record.js';
import type { Variables } from './variables.js';

export type { MiniAgentOptions, ScriptOptions, StepOptions } from './agent-options.js';

/** What is left of a step when it has ended. `raw` is private: commands in it may hold secrets. */
export interface FinishedStep extends Pick<StepRecord, (typeof recorded)[number]> {
  result: TaskResult;
  /** What a person sees. */
  log: string;
  /** Values that the agent was given to mask, in their order. */
  masks: string[];
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  durationMs: number;
  attempts: number;
  /** Which of the agent's runtimes ran it; undefined when none did. */
  node: NodeFolder | undefined;
}

const recorded = [
  ...(['raw', 'issues', 'commands', 'outputs', 'taskVariables', 'summaries', 'attachments'] as const),
  ...(['artifacts', 'progress', 'completions', 'telemetry', 'metadata'] as const),
] as const;

/** A job of an Azure Pipelines agent. See README.md. */
export class MiniAgent {
  readonly #job: RunningJob;
  readonly #canaries: () => readonly string[];
  readonly #tasks: InstalledTask[];

  /** @throws Error when there is no task, or AGENT_NODE asks for a runtime that is not there */
  constructor(options: MiniAgentOptions) {
    const { canaries = [] } = options;
    this.#canaries = typeof canaries === 'function' ? canaries : () => canaries;
    this.#job = new RunningJob(options);
    try {
      this.#tasks = installTasks(options.taskFolder, join(this.work, '_tasks'));
    } catch (error) {
      this.#job.end();
      throw error;
    }
  }

  get work(): string {
    return this.#job.work;
  }

  get variables(): Variables {
    return this.#job.variables;
  }

  get jobResult(): TaskResult {
    return this.#job.result.status;
  }

  /** What setting up the job had to warn of. */
  get warnings(): readonly string[] {
    return this.#job.warnings;
  }

  /** Runs one step. @throws AssertionError when a canary shows, and Error where the server would not start the run */
  async runStep(step: StepOptions): Promise<FinishedStep> {
    const task = this.#taskOf(step);
    const named = resolveAliases(task.definition, step.inputs);
    const inputs = resolveResources(task.definition, named, this.#job.endpoints);
    const displayName = step.displayName ?? task.definition.name;
    return this.#run({ ...step, displayName }, (record) =>
      prepareTask(this.#job, { ...step, inputs, task }, record),
    );
  }

  /** Runs a script as a step of its own, which shows what later steps get. */
  async runScript(step: ScriptOptions): Promise<FinishedStep> {
    return this.#run(step, (record) => prepareScript(this.#job, step, record));
  }

  /** Checks a repository out, which shows what the agent's own Git gets. */
  async runCheckout(step: CheckoutOptions): Promise<FinishedStep> {
    return this.#run(step, () => prepareCheckout(this.#job, step));
  }

  /** What an editor would underline. */
  lint(step: StepOptions): string[] {
    return lint(this.#taskOf(step).definition, step.inputs);
  }

  /** Ends or asks whatever runs, as a system does that is short of memory or shuts down. */
  kill(signal: NodeJS.Signals): void {
    for (const child of this.#job.children) child.kill(signal);
  }

  dispose(): void {
    uninstallTasks(this.#tasks);
    this.#job.end();
  }

  #taskOf({ task }: StepOptions): InstalledTask {
    const [first] = this.#tasks;
    if (task === undefined && first !== undefined && this.#tasks.length === 1) return first;
    return resolveTask(task ?? '', this.#tasks);
  }

  async #run(step: AnyStep, prepare: (record: StepRecord) => Preparation | undefined): Promise<FinishedStep> {
    const masksBefore = this.#job.masker.added.length;
    let node: NodeFolder | undefined;
    const ran = await runOneStep(this.#job, step, (record) => {
      const preparation = prepare(record);
      node = preparation?.node;
      return preparation;
    });
    const { record, result, attempts, exitCode = null, signal = null, durationMs = 0 } = ran;
    refuseLeaks(this.#canaries(), record);
    refuseLostUploads(record);
    return {
      ...picked(record),
      log: record.log.join('\n'),
      masks: this.#job.masker.added.slice(masksBefore),
      result,
      attempts,
      exitCode,
      signal,
      durationMs,
      node,
    };
  }
}

function picked(record: StepRecord): Pick<StepRecord, (typeof recorded)[number]> {
  const entries = recorded.map((name) => [name, record[name]]);
  return Object.fromEntries(entries) as Pick<StepRecord, (typeof recorded)[number]>;
}
