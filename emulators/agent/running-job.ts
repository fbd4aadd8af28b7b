import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MiniAgentOptions } from './agent-options.js';
import { systemConnection, type Endpoint } from './endpoints.js';
import type { InputSources } from './inputs.js';
import { maskJobSecrets } from './job-secrets.js';
import { agentVariables, messageVariables } from './job-variables.js';
import { Knobs } from './knobs.js';
import { expandMacros } from './macros.js';
import { Masker } from './masker.js';
import { defaultRuntimes, type Runtimes } from './node-choice.js';
import type { ProcessWaits } from './node-process.js';
import {
  certificateVariables,
  findProxy,
  proxyVariables,
  withoutProxySettings,
} from './proxy-and-certificates.js';
import { JobResult } from './result.js';
import { agentsDelay } from './retry.js';
import type { Job } from './step-context.js';
import type { Platform } from './task-definition.js';
import { Variables, type Variable } from './variables.js';

/** What the agent sets up before the first step and keeps until the last (JobRunner.cs, JobExtension.cs, Worker.cs). */
export class RunningJob implements Job {
  readonly work: string;
  readonly masker = new Masker();
  readonly variables = new Variables((value) => {
    this.masker.add(value);
  });
  readonly result = new JobResult();
  readonly environment: NodeJS.ProcessEnv;
  readonly runtimes: Runtimes;
  readonly knobs: Knobs;
  readonly endpoints: Endpoint[];
  readonly prependPath: string[] = [];
  readonly platform: Platform;
  readonly hostType: Job['hostType'];
  readonly isDebug: boolean;
  readonly version: string;
  readonly correlationId = randomUUID();
  readonly children = new Set<ChildProcess>();
  /** What setting up has to say before the first step. */
  readonly warnings: string[];
  readonly #options: MiniAgentOptions;
  readonly #taskVariables = new Map<string, Variables>();

  constructor(options: MiniAgentOptions) {
    this.#options = options;
    const { platform = 'linux', hostType = 'build', collectionUrl, jobToken } = options;
    this.platform = platform;
    this.version = options.version ?? '5.278.0';
    this.hostType = hostType;
    this.work = mkdtempSync(join(tmpdir(), 'mini-agent-'));
    const { runtimes, environment } =
      options.runtimes === undefined ? defaultRuntimes() : { runtimes: options.runtimes, environment: {} };
    this.runtimes = runtimes;
    const inherited = { ...baseEnvironment(this.work), ...environment, ...options.environment };
    const proxy = findProxy(options.proxy, inherited);
    this.environment = withoutProxySettings(inherited, proxy);
    this.knobs = new Knobs(this.variables, this.environment);
    this.endpoints = [
      ...(options.endpoints ?? []).map((endpoint) => ({ id: randomUUID(), ...endpoint })),
      systemConnection(collectionUrl, jobToken),
    ];
    const message = this.#message();
    const { endpoints } = this;
    maskJobSecrets(this.masker, { endpoints, variables: message });
    this.warnings = this.variables.load(withPublicToken(message, jobToken));
    this.#limitMasks();
    for (const variable of [...proxyVariables(proxy), ...certificateVariables(options.certificates ?? {})])
      this.variables.set(variable);
    this.isDebug = this.variables.get('system.debug')?.value.toLowerCase() === 'true';
    this.#setOwnVariables();
    this.#expandEndpointData();
    this.#makeFolders();
  }

  /** See EnvironmentParts. */
  get laysVariablesLast(): boolean {
    const [major = 0, minor = 0] = this.version.split('.').map(Number);
    return major < 5 || (major === 5 && minor < 277);
  }

  get tempFolder(): string {
    return join(this.work, '_temp');
  }

  get sourcesFolder(): string {
    return join(this.work, '1/s');
  }

  get afterDoneMs(): number {
    return this.#options.waits?.afterDoneMs ?? 5_000;
  }

  get beforeRetryMs(): (attempt: number) => number {
    return this.#options.waits?.beforeRetryMs ?? agentsDelay;
  }

  get readsAfterMs(): number {
    return this.#options.faults?.readsAfterMs ?? 0;
  }

  processWaits(): ProcessWaits {
    return {
      sigintMs: this.knobs.number('PROCESS_SIGINT_TIMEOUT', 7_500),
      sigtermMs: this.knobs.number('PROCESS_SIGTERM_TIMEOUT', 2_500),
      isGraceful: this.knobs.isOn('USE_GRACEFUL_PROCESS_SHUTDOWN'),
      afterExitMs: this.#options.waits?.afterExitMs ?? 5_000,
    };
  }

  workingDirectory(): string {
    return this.variables.get('system.defaultworkingdirectory')?.value ?? this.work;
  }

  inputSources(): InputSources {
    const { variables, environment, knobs } = this;
    return { variables, environment, knobs, root: this.workingDirectory() };
  }

  /** All stages of a step share one table. */
  taskVariablesOf(step: string): Variables {
    const known = this.#taskVariables.get(step.toLowerCase());
    if (known !== undefined) return known;
    const made = new Variables((value) => {
      this.masker.add(value);
    });
    this.#taskVariables.set(step.toLowerCase(), made);
    return made;
  }

  keepsSecretsFromForks(): boolean {
    const isTrue = (name: string): boolean => this.variables.get(name)?.value.trim().toLowerCase() === 'true';
    return isTrue('system.restrictSecrets') && isTrue('system.pullRequest.isFork');
  }

  /** Variables that are there for one step only. @returns what ends that */
  enterScope(title: string, task: string): () => void {
    const scope = {
      'task.displayname': title,
      'task.publishTelemetry': 'False',
      'system.taskInstanceId': randomUUID(),
      'system.taskDisplayName': title,
      'system.taskInstanceName': task,
    };
    this.#setAll(scope);
    return () => {
      for (const name of Object.keys(scope)) this.variables.unset(name);
    };
  }

  showStatus(): void {
    this.#setAll({ 'agent.jobstatus': this.result.status });
  }

  end(): void {
    for (const child of this.children) child.kill('SIGKILL');
    rmSync(this.work, { recursive: true, force: true });
  }

  #message(): Variable[] {
    const { collectionUrl, project, jobToken, reason = 'Manual' } = this.#options;
    const { definitionId = 12, debug = false } = this.#options;
    const { work, platform, hostType, version } = this;
    const facts = {
      collectionUrl,
      project,
      jobToken,
      reason,
      definitionId,
      work,
      platform,
      hostType,
      version,
    };
    const usual = messageVariables({ ...facts, isDebug: debug });
    const given = Object.entries(this.#options.variables ?? {}).map(([name, value]): Variable => ({
      name,
      isSecret: false,
      isReadOnly: false,
      ...(typeof value === 'string' ? { value } : value),
    }));
    return [...usual, ...given];
  }

  /** Evaluated once, after the job's secrets have been registered: setting it in a step changes nothing. */
  #limitMasks(): void {
    const asked = this.knobs.number('AZP_IGNORE_SECRETS_SHORTER_THAN', 0);
    this.masker.minimum = asked;
    if (this.masker.minimum < asked)
      this.warnings.push(
        `The value of the minimum length of the secrets is too high. Maximum value is set: ${this.masker.minimum}`,
      );
    this.masker.removeShort();
  }

  #setOwnVariables(): void {
    const { collectionUrl, project, jobToken } = this.#options;
    const { work, platform, hostType, isDebug, version } = this;
    const facts = { collectionUrl, project, jobToken, work, platform, hostType, isDebug, version };
    this.#setAll(agentVariables({ ...facts, reason: '', definitionId: 0 }));
  }

  #setAll(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values))
      this.variables.set({ name, value, isSecret: false, isReadOnly: false });
  }

  #expandEndpointData(): void {
    for (const endpoint of this.endpoints) {
      if (endpoint.data === undefined) continue;
      const expanded = Object.entries(endpoint.data).map(([name, value]) => {
        const byVariables = expandMacros(value, (macro) => this.variables.get(macro)?.value);
        return [name, expandMacros(byVariables, (macro) => this.environment[macro])] as const;
      });
      endpoint.data = Object.fromEntries(expanded);
    }
  }

  #makeFolders(): void {
    const folders = ['_tasks', '_tool', '1/s', '1/a', '1/b', '1/TestResults', 'r1/a'];
    const { faults = {} } = this.#options;
    for (const folder of [...folders, ...(faults.hasNoTempFolder === true ? [] : ['_temp'])])
      mkdirSync(join(this.work, folder), { recursive: true });
    if (faults.isWorkingDirectoryReadOnly === true) chmodSync(this.workingDirectory(), 0o555);
  }
}

/** `true` puts the token where scripts can see it; what YAML sends, `SecretVariable`, does not (JobRunner.cs). */
function withPublicToken(message: readonly Variable[], token: string): Variable[] {
  const valueOf = (name: string): string =>
    message.findLast((variable) => variable.name.toLowerCase() === name)?.value ?? '';
  if (!/^(?:1|true|\$true)$/i.test(valueOf('system.enableaccesstoken'))) return [...message];
  return [...message, { name: 'system.accessToken', value: token, isSecret: false, isReadOnly: false }];
}

/** Only what every machine has. Coverage goes on in the child when it is being measured. */
function baseEnvironment(home: string): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'NODE_V8_COVERAGE'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...(Object.fromEntries(kept) as NodeJS.ProcessEnv), HOME: home, LANG: 'C.UTF-8' };
}
