import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface TaskJson {
  inputs: {
    name: string;
    required?: boolean;
    visibleRule?: string;
    defaultValue?: string;
    helpMarkDown: string;
    options?: Record<string, string>;
  }[];
  outputVariables: { name: string; description: string }[];
}

export function readTaskJson(root: string): TaskJson {
  return JSON.parse(readFileSync(join(root, 'tasks/InfisicalSecretSync/task.json'), 'utf8')) as TaskJson;
}

/** The table of inputs as README and overview show it. */
export function inputTable({ inputs }: TaskJson): string {
  const rows = inputs.map(({ name, required, visibleRule, defaultValue, helpMarkDown, options }) => {
    const choices =
      options === undefined
        ? ''
        : ` One of ${Object.keys(options)
            .map((option) => `\`${option}\``)
            .join(', ')}.`;
    const preset =
      defaultValue === undefined
        ? required === true && visibleRule === undefined
          ? '**required**'
          : ''
        : `\`${defaultValue}\``;
    return `| \`${name}\` | ${preset} | ${helpMarkDown.replaceAll('\n', ' ')}${choices} |`;
  });
  return ['| Input | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The table of output variables. */
export function outputTable({ outputVariables }: TaskJson): string {
  const rows = outputVariables.map(({ name, description }) => `| \`${name}\` | ${description} |`);
  return ['| Output variable | Meaning |', '| --- | --- |', ...rows].join('\n');
}

/** What stands between two markers, without the alignment that a formatter adds. */
export function tableBetween(document: string, marker: string): string {
  const start = `<!-- ${marker} -->`;
  const text = document.slice(
    document.indexOf(start) + start.length,
    document.indexOf(`<!-- /${marker} -->`),
  );
  return text
    .trim()
    .split('\n')
    .map((line) =>
      line.replace(/ *\| */g, '|').replace(/-+/g, (dashes) => (dashes.length > 2 ? '---' : dashes)),
    )
    .join('\n');
}
