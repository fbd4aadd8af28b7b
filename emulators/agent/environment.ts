import { delimiter } from 'node:path';
import { addEndpoint, type Endpoint } from './endpoints.js';
import { environmentName } from './macros.js';
import type { Variables } from './variables.js';

export interface EnvironmentParts {
  /** `env:` of the step, expanded. */
  step: ReadonlyMap<string, string>;
  variables: Variables;
  inputs: ReadonlyMap<string, string>;
  endpoints: readonly Endpoint[];
  taskVariables: Variables;
  prependPath: readonly string[];
  /** The agent's own environment, over which the rest is laid. */
  base: NodeJS.ProcessEnv;
  isWindows: boolean;
  /** Before 5.277.0 variables were laid over inputs, connections and secure files (agent, #5606 of 16 July 2026). */
  laysVariablesLast: boolean;
  warn: (message: string) => void;
}

/** What Windows can hold in one variable (Handler.cs). */
const longestOnWindows = 32_766;

/** What the agent lays over its own environment for a Node task, in its order; later entries win (NodeHandler.cs). */
export function stepEnvironment(parts: EnvironmentParts): Record<string, string> {
  const overlay = new Map<string, [name: string, value: string]>();
  const put = (name: string, value: string): void => {
    const key = parts.isWindows ? name.toUpperCase() : name;
    overlay.set(key, [overlay.get(key)?.[0] ?? name, value]);
  };
  const set = (name: string, value: string): void => {
    put(name, value);
    if (parts.isWindows && value.length > longestOnWindows) parts.warn(tooLong(name, value.length));
  };
  for (const [name, value] of parts.step) put(name, value);
  if (!parts.laysVariablesLast) addVariables(set, parts.variables);
  for (const [name, value] of parts.inputs) set(`INPUT_${environmentName(name)}`, value);
  for (const endpoint of parts.endpoints) addEndpoint(set, endpoint);
  if (parts.laysVariablesLast) addVariables(set, parts.variables);
  for (const isSecret of [false, true]) {
    for (const variable of parts.taskVariables.all().filter((candidate) => candidate.isSecret === isSecret))
      set(`VSTS_TASKVARIABLE_${environmentName(variable.name, variable.keepsCase)}`, variable.value);
  }
  if (parts.prependPath.length > 0) {
    const original =
      parts.variables.get('PATH')?.value ?? overlay.get('PATH')?.[1] ?? parts.base['PATH'] ?? '';
    set('PATH', prepended(parts.prependPath.toReversed().join(delimiter), original));
  }
  put('TF_BUILD', 'True');
  return Object.fromEntries(overlay.values());
}

function addVariables(set: (name: string, value: string) => void, variables: Variables): void {
  const all = variables.all();
  const names = { public: [] as string[], secret: [] as string[] };
  for (const { name, value, isSecret, keepsCase } of all) {
    if (isSecret) continue;
    // The agent's back compatibility: this one also under its plain name.
    if (name.toLowerCase() === 'agent.jobstatus') set(name, value);
    set(environmentName(name, keepsCase), value);
    names.public.push(name);
  }
  set('VSTS_PUBLIC_VARIABLES', JSON.stringify(names.public));
  for (const { name, value, isSecret, keepsCase } of all) {
    if (!isSecret) continue;
    set(`SECRET_${environmentName(name, keepsCase)}`, value);
    names.secret.push(name);
  }
  set('VSTS_SECRET_VARIABLES', JSON.stringify(names.secret));
}

function prepended(path: string, original: string): string {
  if (original === '') return path;
  return original.startsWith(path + delimiter) ? original : path + delimiter + original;
}

function tooLong(name: string, length: number): string {
  return `Environment variable '${name}' exceeds the maximum supported length. Environment variable length: ${length} , Maximum supported length: ${longestOnWindows}`;
}

/**
 * What reaches the shell of a script step: its runner is a Node task, too, and task-lib takes inputs, secrets and
 * connections out of the environment as it loads (azure-pipelines-task-lib, internal.ts _loadData).
 */
export function withoutVault(environment: Readonly<Record<string, string>>): Record<string, string> {
  const taken =
    /^(?:INPUT_|ENDPOINT_AUTH_|SECUREFILE_TICKET_|SECRET_|VSTS_TASKVARIABLE_|VSTS_(?:PUBLIC|SECRET)_VARIABLES$)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !taken.test(name)));
}
