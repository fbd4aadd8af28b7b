import { isAbsolute, resolve } from 'node:path';
import type { Knobs } from './knobs.js';
import { expandMacros } from './macros.js';
import type { TaskDefinition } from './task-definition.js';
import type { Variables } from './variables.js';

export interface InputSources {
  variables: Variables;
  /** The agent's own environment: macros are looked up there, too, and with their case. */
  environment: NodeJS.ProcessEnv;
  knobs: Knobs;
  /** Where an input of the type `filePath` starts. */
  root: string;
}

/**
 * The inputs of a step in the agent's order (TaskRunner.cs): defaults, the step's own, variables, the agent's
 * environment, paths. Names are one whatever their case; names that task.json does not know are kept.
 */
export function resolveInputs(
  definition: TaskDefinition,
  given: Readonly<Record<string, string>>,
  from: InputSources,
): Map<string, string> {
  const keepsBlanks = from.knobs.isOn('DISABLE_INPUT_TRIMMING', false, { isEnvironmentFirst: true });
  const trimmed = (text: string): string => (keepsBlanks ? text : text.trim());
  const names = new Map<string, string>();
  const inputs = new Map<string, string>();
  const put = (name: string, value: string): void => {
    if (name === '') return;
    const known = names.get(name.toLowerCase()) ?? name;
    names.set(name.toLowerCase(), known);
    inputs.set(known, trimmed(value));
  };
  for (const { name, defaultValue } of definition.inputs) put(name.trim(), asText(defaultValue));
  for (const [name, value] of Object.entries(given)) put(name.trim(), value);
  const trims = from.knobs.isOn('AGENT_ENABLE_VARIABLE_INPUT_TRIMMING', false, { isEnvironmentFirst: true });
  for (const [name, value] of inputs) inputs.set(name, expandTwice(value, from, trims));
  for (const { name, type } of definition.inputs) {
    if (type.toLowerCase() === 'filepath') inputs.set(name, rooted(inputs.get(name) ?? '', from.root));
  }
  return inputs;
}

/** `env:` of a step goes the same way, but is always trimmed. */
export function resolveStepEnvironment(
  given: Readonly<Record<string, string>>,
  from: InputSources,
): Map<string, string> {
  const entries = Object.entries(given).filter(([name]) => name.trim() !== '');
  return new Map(entries.map(([name, value]) => [name.trim(), expandTwice(value.trim(), from)]));
}

/** The second look also sees what the first has put in: a variable's value may name the agent's environment. */
function expandTwice(text: string, from: InputSources, trims = false): string {
  const byVariables = expandMacros(text, (name) => from.variables.get(name)?.value, { trims });
  return expandMacros(byVariables, (name) => from.environment[name]);
}

/** An empty path becomes the root itself. */
function rooted(path: string, root: string): string {
  return isAbsolute(path) ? resolve(path) : resolve(root, path);
}

/** A boolean as Newtonsoft makes a string of it. */
function asText(value: string | boolean | undefined): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value ?? '';
}
