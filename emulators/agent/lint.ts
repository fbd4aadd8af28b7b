import type { TaskDefinition, TaskInput } from './task-definition.js';

/** Names and plain values only: with `_`, `-` or `/` a rule was refused at publishing (task-lib issues 658, 833, 1023). */
const simpleRule =
  /^[A-Za-z][A-Za-z0-9]* (?:=|==|!=|EndsWith|NotEndsWith) (?:[A-Za-z0-9.]+(?: [A-Za-z0-9.]+)*|"")$/;

/**
 * What the YAML editor would underline in a step, and what publishing would refuse in the task. Neither the server nor
 * the agent stops a run for it.
 */
export function lint(definition: TaskDefinition, given: Readonly<Record<string, string>>): string[] {
  const value = (input: TaskInput): string | undefined =>
    Object.entries(given).find(([name]) =>
      [input.name, ...(input.aliases ?? [])].some((known) => known.toLowerCase() === name.toLowerCase()),
    )?.[1];
  const known = new Set(
    definition.inputs
      .flatMap(({ name, aliases = [] }) => [name, ...aliases])
      .map((name) => name.toLowerCase()),
  );
  return [
    ...definition.inputs
      .filter((input) => isDemanded(input) && value(input) === undefined)
      .map(({ name }) => `Missing property "${name}".`),
    ...definition.inputs.flatMap((input) => wrongChoice(input, value(input))),
    ...Object.keys(given)
      .filter((name) => !known.has(name.toLowerCase()))
      .map((name) => `Unexpected property "${name}".`),
    ...[...definition.inputs, ...(definition.groups ?? [])].flatMap(({ name, visibleRule = '' }) =>
      isRule(visibleRule) ? [] : [`The visible rule of "${name}" is invalid: "${visibleRule}".`],
    ),
  ];
}

/** A rule of the input exempts it, a rule of its group does not. */
function isDemanded({ required, defaultValue, visibleRule }: TaskInput): boolean {
  return required === true && (defaultValue ?? '') === '' && visibleRule === undefined;
}

/** The values of a pickList are a closed list unless it says otherwise; a macro is let through. */
function wrongChoice({ name, type, options = {}, properties = {} }: TaskInput, value?: string): string[] {
  const isOpen = /^true$/i.test(properties['EditableOptions'] ?? '');
  if (!['picklist', 'radio'].includes(type.toLowerCase()) || isOpen) return [];
  if (value === undefined || value.includes('$(')) return [];
  const isKnown = Object.keys(options).some((key) => key.toLowerCase() === value.toLowerCase());
  return isKnown ? [] : [`"${value}" is not a value of "${name}".`];
}

/** Either only `&&` or only `||`, and no brackets. */
function isRule(rule: string): boolean {
  if (rule === '') return true;
  const separator = rule.includes('&&') ? '&&' : '||';
  return rule.split(separator).every((part) => simpleRule.test(part.trim()));
}
