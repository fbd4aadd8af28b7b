import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { TaskDefinition, TaskInput } from '../form/definition.js';
import { root, taskFolder } from '../shared/paths.js';

export interface TaskJson extends Pick<TaskDefinition, 'groups' | 'inputs'> {
  outputVariables: { name: string; description: string }[];
}

export const inputPage = join(root, 'docs/inputs.md');

export function readTaskJson(): TaskJson {
  return JSON.parse(readFileSync(join(taskFolder, 'task.json'), 'utf8')) as TaskJson;
}

/** docs/inputs.md: what task.json says of each input and output, in full. */
export async function inputPageOf({ groups, inputs, outputVariables }: TaskJson): Promise<string> {
  const text = [
    '# Inputs and outputs',
    '<!-- Made from task.json by `npm run inputs`. -->',
    'Every input of `InfisicalSecretSync@1`, in the order of the form, and every output variable. The [README](../README.md#inputs) shows them at a glance.',
    ...groups.flatMap(({ name, displayName }) => [
      `## ${displayName}`,
      ...inputs.filter(({ groupName }) => groupName === name).map(sectionOf),
    ]),
    '## Output variables',
    'Give the step a `name` to read them in later steps and jobs.',
    outputVariables.map(({ name, description }) => `- \`${name}\`: ${description}`).join('\n'),
  ].join('\n\n');
  return format(text, { ...(await resolveConfig(inputPage)), filepath: inputPage });
}

/** What the table of the README shows as default, too. */
export function defaultOf({ required, defaultValue, visibleRule }: TaskInput): string {
  if (defaultValue !== undefined) return `\`${defaultValue}\``;
  // As in YAML: what the form may hide can be left out.
  return required === true && visibleRule === undefined ? '**required**' : '';
}

function sectionOf(input: TaskInput): string {
  const { name, label, helpMarkDown, defaultValue, visibleRule, options = {} } = input;
  const facts = [
    `In the form: _${label}_.`,
    ...(defaultValue === undefined ? [] : [`Default: \`${defaultValue}\`.`]),
    ...(input.required === true && defaultValue === undefined ? ['Required.'] : []),
    ...(visibleRule === undefined ? [] : [`Used when \`${visibleRule}\`.`]),
  ];
  const choices = Object.entries(options).map(([value, text]) => `- \`${value}\`: ${text}`);
  return [`### \`${name}\``, facts.join(' '), helpMarkDown, choices.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}
