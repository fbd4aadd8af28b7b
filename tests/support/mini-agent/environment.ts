import type { TaskDefinition } from './task-definition.js';
import { environmentName, expandMacros, type Variables } from './variables.js';

export interface Endpoint {
  id: string;
  name: string;
  type: string;
  url: string;
  scheme: string;
  parameters: Record<string, string>;
  data?: Record<string, string>;
}

const systemConnection = 'SYSTEMVSSCONNECTION';

/**
 * The inputs of a step in the agent's order: defaults, the step's own, variables, the agent's environment. Names are
 * one whatever their case, everything is trimmed, an unknown `$(x)` stays as it is.
 */
export function resolveInputs(
  definition: TaskDefinition,
  given: Readonly<Record<string, string>>,
  from: { variables: Variables; base: NodeJS.ProcessEnv },
): Map<string, string> {
  const inputs = new Map<string, { name: string; value: string }>();
  for (const { name, defaultValue } of definition.inputs) {
    inputs.set(name.toLowerCase(), { name, value: String(defaultValue ?? '').trim() });
  }
  for (const [name, value] of Object.entries(given)) {
    const key = name.trim().toLowerCase();
    inputs.set(key, { name: inputs.get(key)?.name ?? name.trim(), value: value.trim() });
  }
  return new Map(
    [...inputs.values()].map(({ name, value }) => {
      const byVariables = expandMacros(value, (macro) => from.variables.get(macro)?.value);
      return [name, expandMacros(byVariables, (macro) => from.base[macro])];
    }),
  );
}

/** A YAML step names a connection; the service hands the agent its ID, or stops the run. */
export function resolveConnections(
  definition: TaskDefinition,
  given: Readonly<Record<string, string>>,
  endpoints: readonly Endpoint[],
): Record<string, string> {
  const connectionInputs = definition.inputs
    .filter(({ type }) => type.startsWith('connectedService:'))
    .map(({ name, type }) => ({ name: name.toLowerCase(), type: type.split(':')[1] ?? '' }));
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const input = connectionInputs.find((candidate) => candidate.name === name.toLowerCase());
      if (input === undefined || value === '') return [name, value];
      const endpoint = endpoints.find(
        ({ id, name: title, type }) =>
          (title === value || id === value) && type.toLowerCase() === input.type.toLowerCase(),
      );
      if (endpoint === undefined) {
        throw new Error(
          `Job Job: Step ${definition.name} input ${name} references service connection ${value} which could not be found. The service connection does not exist, has been disabled or has not been authorized for use.`,
        );
      }
      return [name, endpoint.id];
    }),
  );
}

/** What the agent lays over its own environment for a Node task; later entries win. */
export function stepEnvironment(parts: {
  step: Readonly<Record<string, string>>;
  variables: Variables;
  inputs: ReadonlyMap<string, string>;
  endpoints: readonly Endpoint[];
  system: { url: string; token: string };
}): Record<string, string> {
  const environment: Record<string, string> = { ...parts.step };
  const variables = parts.variables.all();
  const named = (isSecret: boolean): string[] =>
    variables.filter((variable) => variable.isSecret === isSecret).map(({ name }) => name);
  for (const { name, value, isSecret } of variables) {
    environment[`${isSecret ? 'SECRET_' : ''}${environmentName(name)}`] = value;
  }
  environment['VSTS_PUBLIC_VARIABLES'] = JSON.stringify(named(false));
  environment['VSTS_SECRET_VARIABLES'] = JSON.stringify(named(true));
  for (const [name, value] of parts.inputs) environment[`INPUT_${environmentName(name)}`] = value;
  for (const endpoint of parts.endpoints) addEndpoint(environment, endpoint.id.toLowerCase(), endpoint);
  addEndpoint(environment, systemConnection, {
    id: '',
    name: systemConnection,
    type: '',
    url: parts.system.url,
    scheme: 'OAuth',
    parameters: { AccessToken: parts.system.token },
  });
  environment['TF_BUILD'] = 'True';
  return environment;
}

function addEndpoint(environment: Record<string, string>, key: string, endpoint: Endpoint): void {
  const { scheme, parameters } = endpoint;
  environment[`ENDPOINT_URL_${key}`] = new URL(endpoint.url).toString();
  environment[`ENDPOINT_AUTH_${key}`] = JSON.stringify({ parameters, scheme });
  environment[`ENDPOINT_AUTH_SCHEME_${key}`] = scheme;
  for (const [name, value] of Object.entries(parameters)) {
    environment[`ENDPOINT_AUTH_PARAMETER_${key}_${environmentName(name)}`] = value;
  }
  if (key === systemConnection) return;
  environment[`ENDPOINT_DATA_${key}`] = JSON.stringify(endpoint.data ?? {});
  for (const [name, value] of Object.entries(endpoint.data ?? {})) {
    environment[`ENDPOINT_DATA_${key}_${environmentName(name)}`] = value;
  }
}
