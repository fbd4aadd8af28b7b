import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { resolveConnections, resolveInputs, stepEnvironment, type Endpoint } from './environment.js';
import { jobVariables } from './job-variables.js';
import { refuseLeaks } from './leak-check.js';
import { Masker } from './masker.js';
import { runNodeProcess, type CancelTimes, type ProcessEnd } from './node-process.js';
import { mergeResults, type TaskResult } from './result.js';
import { StepRun } from './step-run.js';
import { readTask, type TaskDefinition } from './task-definition.js';
import { expandMacros, Variables } from './variables.js';

export interface MiniAgentOptions {
  /** An unpacked task folder with task.json. */
  taskFolder: string;
  collectionUrl: string;
  project: { id: string; name: string };
  jobToken: string;
  hostType?: 'build' | 'release';
  reason?: string;
  definitionId?: number;
  endpoints?: (Omit<Endpoint, 'id'> & { id?: string })[];
  variables?: Record<string, string | { value: string; isSecret?: boolean; isReadOnly?: boolean }>;
  /** Path of a Node binary; the one that runs the tests unless given. */
  node?: string;
  platform?: 'linux' | 'windows';
  debug?: boolean;
  /** Values that must never show, wherever. */
  canaries?: readonly string[];
  /** The agent's own are 7.5 s and 2.5 s. */
  cancelTimes?: CancelTimes;
}

export interface StepOptions {
  name?: string;
  displayName?: string;
  inputs: Record<string, string>;
  env?: Record<string, string>;
  continueOnError?: boolean;
  target?: { commands?: 'restricted'; settableVariables?: 'none' | string[] };
  /** When it resolves, the agent asks the step to stop. */
  cancelWhen?: Promise<unknown>;
}

/** What is left of a step when it has ended. `raw` is private: commands in it may hold secrets. */
export interface FinishedStep
  extends
    Pick<
      StepRun,
      | 'raw'
      | 'issues'
      | 'outputs'
      | 'summaries'
      | 'attachments'
      | 'commands'
      | 'masks'
      | 'progress'
      | 'completions'
    >,
    Pick<ProcessEnd, 'exitCode' | 'signal' | 'durationMs'> {
  result: TaskResult;
  /** What a person sees. */
  log: string;
}

/** A job of an Azure Pipelines agent that runs steps of one Node task. See README.md. */
export class MiniAgent {
  readonly variables = new Variables();
  readonly work: string;
  readonly #options: MiniAgentOptions;
  readonly #endpoints: Endpoint[];
  readonly #masker = new Masker();
  readonly #definition: TaskDefinition;
  readonly #target: string;

  constructor(options: MiniAgentOptions) {
    this.#options = options;
    this.#endpoints = (options.endpoints ?? []).map((endpoint) => ({ id: randomUUID(), ...endpoint }));
    const { definition, target } = readTask(options.taskFolder);
    this.#definition = definition;
    this.#target = target;
    this.work = mkdtempSync(join(tmpdir(), 'mini-agent-'));
    for (const folder of ['_temp', '_tasks', '_tool', '1/s', '1/a', '1/b'])
      mkdirSync(join(this.work, folder), { recursive: true });
    this.#initializeVariables();
    this.#registerSecrets();
  }

  /** Runs one step. @throws AssertionError when a canary shows */
  async runStep(step: StepOptions): Promise<FinishedStep> {
    const expanded = this.variables.expanded();
    const run = new StepRun(this.#settingsOf(step));
    this.#banner(run, step);
    const base = baseEnvironment(this.work);
    const given = resolveConnections(this.#definition, step.inputs, this.#endpoints);
    const end = await runNodeProcess({
      node: this.#options.node ?? process.execPath,
      script: this.#target,
      environment: {
        ...base,
        ...stepEnvironment({
          step: this.#stepEnv(step, expanded),
          variables: expanded,
          inputs: resolveInputs(this.#definition, given, { variables: expanded, base }),
          endpoints: this.#endpoints.filter(({ id }) => Object.values(given).includes(id)),
          system: { url: this.#options.collectionUrl, token: this.#options.jobToken },
        }),
      },
      workingDirectory: join(this.work, '1/s'),
      onLine: (line) => {
        run.line(line);
      },
      ...(step.cancelWhen === undefined ? {} : { cancelWhen: step.cancelWhen }),
      cancelTimes: this.#options.cancelTimes ?? { sigintMs: 7_500, sigtermMs: 2_500 },
    });
    const result = this.#resultOf(run, end, step);
    run.write(`##[section]Finishing: ${this.#titleOf(step)}`);
    refuseLeaks(this.#options.canaries ?? [], run);
    return { ...picked(run), ...end, result, log: run.log.join('\n') };
  }

  dispose(): void {
    rmSync(this.work, { recursive: true, force: true });
  }

  #initializeVariables(): void {
    const { collectionUrl, project, jobToken, hostType = 'build', reason = 'Manual' } = this.#options;
    const { definitionId = 12, debug = false } = this.#options;
    const facts = {
      collectionUrl,
      project,
      jobToken,
      hostType,
      reason,
      definitionId,
      work: this.work,
      isDebug: debug,
    };
    for (const variable of jobVariables(facts)) this.variables.set(variable);
    for (const [name, given] of Object.entries(this.#options.variables ?? {})) {
      const variable = typeof given === 'string' ? { value: given } : given;
      this.variables.set({ name, isSecret: false, isReadOnly: false, ...variable });
    }
  }

  /** Secret variables in several forms, the parameters of connections as they are (Worker.cs, MaskingUtil.cs). */
  #registerSecrets(): void {
    for (const { value, isSecret } of this.variables.all()) {
      if (!isSecret || value.trim() === '') continue;
      const forms = [value, value.replace(/^[\r\n ]+|[\r\n ]+$/g, ''), Buffer.from(value).toString('base64')];
      for (const form of forms) this.#masker.add(form);
    }
    this.#masker.add(this.#options.jobToken);
    for (const { parameters } of this.#endpoints)
      for (const value of Object.values(parameters)) this.#masker.add(value);
  }

  #settingsOf(step: StepOptions): ConstructorParameters<typeof StepRun>[0] {
    const restrictions = this.#definition.restrictions;
    const settable =
      step.target?.settableVariables === 'none'
        ? []
        : (step.target?.settableVariables ?? restrictions?.settableVariables?.allowed);
    return {
      stepName: step.name ?? this.#definition.name,
      variables: this.variables,
      masker: this.#masker,
      outputNames: new Set((this.#definition.outputVariables ?? []).map(({ name }) => name.toLowerCase())),
      isRestricted: step.target?.commands === 'restricted' || restrictions?.commands?.mode === 'restricted',
      settable: settable?.map(globPattern),
      newline: this.#options.platform === 'windows' ? '\r\n' : '\n',
      isDebug: this.#options.debug ?? false,
    };
  }

  #stepEnv(step: StepOptions, variables: Variables): Record<string, string> {
    return Object.fromEntries(
      Object.entries(step.env ?? {}).map(([name, value]) => [
        name,
        expandMacros(value.trim(), (macro) => variables.get(macro)?.value),
      ]),
    );
  }

  #banner(run: StepRun, step: StepOptions): void {
    const { friendlyName, description, version } = this.#definition;
    const rule = '='.repeat(78);
    for (const line of [
      `##[section]Starting: ${this.#titleOf(step)}`,
      rule,
      `Task         : ${friendlyName}`,
      `Description  : ${description}`,
      `Version      : ${String(version.Major)}.${String(version.Minor)}.${String(version.Patch)}`,
      rule,
    ]) {
      run.write(line);
    }
  }

  #titleOf(step: StepOptions): string {
    return step.displayName ?? this.#definition.name;
  }

  #resultOf(run: StepRun, end: ProcessEnd, step: StepOptions): TaskResult {
    if (end.wasCancelled) return 'Canceled';
    let result = run.result ?? 'Succeeded';
    if (end.exitCode !== 0) {
      run.write(
        `##[error]Exit code ${String(end.exitCode)} returned from process: file name 'node', arguments '"${this.#target}"'.`,
      );
      result = mergeResults(result, 'Failed');
    }
    return result === 'Failed' && step.continueOnError === true ? 'SucceededWithIssues' : result;
  }
}

/** Not the developer's shell: only what every machine has. Coverage goes on in the child when it is being measured. */
function baseEnvironment(home: string): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'NODE_V8_COVERAGE'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...(Object.fromEntries(kept) as NodeJS.ProcessEnv), HOME: home, LANG: 'C.UTF-8' };
}

function picked(run: StepRun) {
  const { raw, issues, outputs, summaries, attachments, commands, masks, progress, completions } = run;
  return { raw, issues, outputs, summaries, attachments, commands, masks, progress, completions };
}

function globPattern(glob: string): RegExp {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 'i');
}
