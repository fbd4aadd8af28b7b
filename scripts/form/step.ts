import { stringify } from 'yaml';
import { defaultsOf, type TaskDefinition, type TaskInput, type Values } from './definition.js';
import { shownInputs } from './visible-rule.js';

/** The step of a YAML pipeline that a filled-in form stands for: only what is shown and differs from its default. */
export function stepYaml(task: TaskDefinition, values: Values, displayName?: string): string {
  const given = shownInputs(task, values)
    .map((input) => [input, textOf(input, values)] as const)
    .filter(([{ defaultValue = '' }, text]) => text !== defaultValue)
    .map(([{ name, type }, text]) => [name, type === 'boolean' ? text === 'true' : text] as const);
  const step = {
    task: `${task.name}@${String(task.version.Major)}`,
    ...(displayName === undefined ? {} : { displayName }),
    ...(given.length === 0 ? {} : { inputs: Object.fromEntries(given) }),
  };
  return stringify([step], { lineWidth: 0 });
}

/** Labels of fields that are shown, marked as required, and empty. */
export function missingLabels(task: TaskDefinition, values: Values): string[] {
  return shownInputs(task, values)
    .filter((input) => input.required === true && textOf(input, values) === '')
    .map(({ label }) => label);
}

/**
 * The name that a classic editor gives the step, until somebody types another. An empty input stands with its default,
 * a hidden one with what is in it.
 */
export function instanceName({ instanceNameFormat, inputs }: TaskDefinition, values: Values): string {
  const all = { ...defaultsOf(inputs), ...given(values) };
  return instanceNameFormat.replace(/\$\(([^)]*)\)/g, (_, name: string) => all[name] ?? '');
}

function given(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

/** Azure DevOps trims what it hands to a task. */
function textOf({ name }: TaskInput, values: Values): string {
  return (values[name] ?? '').trim();
}
