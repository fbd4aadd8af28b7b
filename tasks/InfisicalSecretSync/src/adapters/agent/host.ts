import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getEndpointAuthorization, getInput } from 'azure-pipelines-task-lib/task';
import type { DesiredVariable } from '../../domain/desired.js';
import { SecretValue } from '../../domain/secret-value.js';
import { wireForm } from '../../domain/wire-form.js';
import { harmless } from '../../domain/text.js';
import type { OutputOrigin } from '../../domain/usage.js';
import type { StepHost } from '../../ports.js';
import { commandWith } from './commands.js';
import type { Trace } from '../http/client.js';
import type { RunVariables } from './run-variable-store.js';
import type { ServiceConnection } from './service-connection.js';

/** What the agent tells a step about the run it belongs to. */
export interface AgentRun {
  hostType: 'build' | 'release';
  collectionUrl: string;
  /** Where the job asks for OIDC tokens; empty where Azure DevOps has none. */
  oidcRequestUri: string;
  projectId: string;
  projectName: string;
  /** The pipeline's ID; a release definition has one of another kind. */
  definitionId: number | undefined;
  reason: string | undefined;
  /** Undefined in a release, whose stages hand no outputs on. */
  outputOrigin: OutputOrigin | undefined;
}

/**
 * The agent, seen from the task. The only user of task-lib, and of it only what is safe: inputs, and service
 * connections as one piece. Its getters print values to the debug log, and its setters refuse multi-line values, mask
 * too late, or put messages where nothing is masked.
 */
export class AgentHost implements StepHost, RunVariables {
  #folder: string | undefined;
  #progress = 0;
  readonly #isDebug = /^true$/i.test(variable('System.Debug'));
  readonly #write: (line: string) => void;
  readonly #command = commandWith((text) => wireForm(text, this.decodesPercents));

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  input(name: string): string | undefined {
    return getInput(name, false);
  }

  /** A service connection that an input names; `undefined` when the agent did not hand it over. */
  connection(id: string): ServiceConnection | undefined {
    // The agent writes the ID in lower case, and environment names mind case on Linux.
    const key = id.toLowerCase();
    // Task-lib's own getter prints the address to the debug log before anybody has looked whether it holds a token.
    const url = process.env[`ENDPOINT_URL_${key}`];
    const authorization = getEndpointAuthorization(key, true);
    if (url === undefined || authorization === undefined) return undefined;
    return {
      id: key,
      url,
      scheme: authorization.scheme,
      parameters: authorization.parameters,
      data: (name) => process.env[`ENDPOINT_DATA_${key}_${name.toUpperCase()}`] ?? '',
    };
  }

  /** The token of the job itself, which every task is given. */
  jobToken(): SecretValue | undefined {
    const token = getEndpointAuthorization('SYSTEMVSSCONNECTION', true)?.parameters['AccessToken'];
    return token === undefined || token === '' ? undefined : new SecretValue(token);
  }

  run(): AgentRun {
    const hostType = variable('System.HostType').toLowerCase() === 'release' ? 'release' : 'build';
    const reason = variable(hostType === 'release' ? 'Release.Reason' : 'Build.Reason');
    const definitionId = Number(variable('System.DefinitionId'));
    return {
      hostType,
      // Never System.TeamFoundationServerUri: in a release it is the address of Release Management.
      collectionUrl: variable('System.CollectionUri') || variable('System.TeamFoundationCollectionUri'),
      oidcRequestUri: variable('System.OidcRequestUri'),
      projectId: variable('System.TeamProjectId'),
      projectName: variable('System.TeamProject'),
      definitionId: hostType === 'build' && definitionId > 0 ? definitionId : undefined,
      reason: reason === '' ? undefined : reason,
      outputOrigin: hostType === 'build' ? outputOrigin() : undefined,
    };
  }

  mask(values: Iterable<SecretValue>): void {
    const lines = Array.from(values, (value) => this.#command('setsecret', {}, value.reveal()));
    if (lines.length > 0) this.#write(lines.join('\n'));
  }

  log(line: string): void {
    this.#write(harmless(line));
  }

  warn(message: string): void {
    this.#issue('warning', message);
  }

  fail(message: string): void {
    this.#issue('error', message);
  }

  progress(percent: number, what: string): void {
    if (percent <= this.#progress) return;
    this.#progress = percent;
    this.#write(this.#command('setprogress', { value: String(percent) }, what));
  }

  trace({ method, path, outcome, ms, attempt, requestId }: Trace): void {
    if (!this.#isDebug) return;
    const id = requestId === undefined ? '' : ` id ${harmless(requestId)}`;
    const line = `${method} ${harmless(path)} ${outcome} ${String(Math.round(ms))} ms attempt ${String(attempt)}${id}`;
    this.#write(this.#command('debug', {}, line));
  }

  debug(text: string): void {
    if (this.#isDebug) this.#write(this.#command('debug', {}, text.split('\n').map(harmless).join('\n')));
  }

  setVariable({ name, value, isSecret }: DesiredVariable, { isOutput }: { isOutput: boolean }): void {
    const properties = {
      variable: name,
      ...(isSecret ? { issecret: 'true' } : {}),
      ...(isOutput ? { isoutput: 'true' } : {}),
    };
    this.#write(this.#command('setvariable', properties, value.reveal()));
  }

  variable(name: string): string {
    return variable(name);
  }

  get decodesPercents(): boolean {
    const setting = variable('DECODE_PERCENTS').trim();
    // What the agent takes for true (StringUtil.cs); whatever else is there turns it off.
    return setting === '' || /^(?:true|1|\$true)$/i.test(setting);
  }

  setOutput(name: string, value: string): void {
    this.#write(this.#command('setvariable', { variable: name, isOutput: 'true' }, value));
  }

  writeFile(name: string, content: string): string {
    // A folder of its own: a second sync in the same job must not replace a file whose upload is still queued.
    this.#folder ??= mkdtempSync(join(variable('Agent.TempDirectory') || tmpdir(), 'infisical-sync-'));
    const path = join(this.#folder, name);
    writeFileSync(path, content);
    return path;
  }

  uploadSummary(path: string): void {
    this.#write(this.#command('uploadsummary', {}, path));
  }

  /** Must be the last word. The text goes where nothing is masked, so it says nothing. */
  complete(result: 'Succeeded' | 'SucceededWithIssues' | 'Failed'): void {
    this.#write(this.#command('complete', { result }, ''));
  }

  #issue(type: 'error' | 'warning', message: string): void {
    this.#write(this.#command('logissue', { type }, message.split('\n').map(harmless).join('\n')));
  }
}

function outputOrigin(): OutputOrigin | undefined {
  const [step, job] = [variable('System.TaskInstanceName'), variable('System.PhaseName')];
  if (step === '' || job === '') return undefined;
  return { step, job, jobInstance: variable('System.JobName'), stage: variable('System.StageName') };
}

/** A variable as the agent puts it into the environment; empty when it is not set. */
function variable(name: string): string {
  return process.env[name.replaceAll('.', '_').toUpperCase()] ?? '';
}
