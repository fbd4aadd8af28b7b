import { type Endpoint } from './endpoints.js';
import type { InstalledTask } from './package.js';
import type { TaskDefinition } from './task-definition.js';

/**
 * What the server does with a YAML step before the agent sees it. It does not enforce `required`, `visibleRule` or
 * `validation`, and lets unknown inputs through.
 */

/** `Name@1`, or `publisher.extension.contribution.Name@1`. @throws Error in the words of the server */
export function resolveTask(reference: string, tasks: readonly InstalledTask[]): InstalledTask {
  const [, name = '', major = ''] = /^(?:[^@]*\.)?([^.@]+)@(\d+)/.exec(reference) ?? [];
  const task = tasks.find(
    ({ definition }) =>
      definition.name.toLowerCase() === name.toLowerCase() && String(definition.version.Major) === major,
  );
  if (task !== undefined) return task;
  throw new Error(
    `A task is missing. The pipeline references a task called '${name}'. This usually indicates the task isn't installed, and you may be able to install it from the Marketplace: https://marketplace.visualstudio.com. (Task version ${major}, job 'Job', step ''.)`,
  );
}

/** The agent only ever sees an input's name. @throws Error for what the documentation leaves open: two of one input */
export function resolveAliases(
  definition: TaskDefinition,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = new Map<string, string>();
  for (const { name, aliases = [] } of definition.inputs) {
    for (const spelling of [name, ...aliases]) {
      const key = spelling.toLowerCase();
      if (names.has(key) && names.get(key) !== name)
        throw new Error(`The alias "${spelling}" of the input "${name}" is not unique in the task.`);
      names.set(key, name);
    }
  }
  const resolved: Record<string, string> = {};
  for (const [written, value] of Object.entries(given)) {
    const name = names.get(written.toLowerCase()) ?? written;
    if (Object.hasOwn(resolved, name)) throw new Error(`The step gives the input "${name}" twice.`);
    resolved[name] = value;
  }
  return resolved;
}

/** A step names a connection; the agent gets its ID, or the run does not start. */
export function resolveResources(
  definition: TaskDefinition,
  given: Readonly<Record<string, string>>,
  endpoints: readonly Endpoint[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const type = /^connectedService(?::(.*))?$/i.exec(typeOf(definition, name));
      if (type === null || value === '') return [name, value];
      const asked = { type: type[1] ?? '', input: name, task: definition.name };
      const ids = value.split(',').map((part) => endpointId(part.trim(), asked, endpoints));
      return [name, ids.join(',')];
    }),
  );
}

function typeOf(definition: TaskDefinition, name: string): string {
  return definition.inputs.find((input) => input.name.toLowerCase() === name.toLowerCase())?.type ?? '';
}

function endpointId(
  wanted: string,
  asked: { type: string; input: string; task: string },
  endpoints: readonly Endpoint[],
): string {
  const endpoint = endpoints.find(
    ({ id, name, type }) =>
      (name === wanted || id === wanted.toLowerCase()) && type.toLowerCase() === asked.type.toLowerCase(),
  );
  if (endpoint !== undefined) return endpoint.id;
  throw new Error(
    `Job Job: Step ${asked.task} input ${asked.input} references service connection ${wanted} which could not be found. The service connection does not exist, has been disabled or has not been authorized for use. For authorization details, refer to https://aka.ms/yamlauthz.`,
  );
}
