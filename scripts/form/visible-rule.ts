import type { TaskDefinition, TaskInput, Values } from './definition.js';

const operators = {
  '=': (value: string, wanted: string) => value === wanted,
  '==': (value: string, wanted: string) => value === wanted,
  '!=': (value: string, wanted: string) => value !== wanted,
  EndsWith: (value: string, wanted: string) => value.endsWith(wanted),
  NotEndsWith: (value: string, wanted: string) => !value.endsWith(wanted),
} as const;

export interface Condition {
  input: string;
  operator: keyof typeof operators;
  wanted: string;
}

export interface VisibleRule {
  /** Azure DevOps joins conditions by one of them, never by both. */
  joint: '&&' | '||';
  conditions: Condition[];
}

/**
 * Names and plain values only: with `_`, `-`, `/`, `#` or without the blanks, Azure DevOps refuses a rule when the
 * extension is published or installed.
 */
const grammar =
  /^(?<input>[A-Za-z][A-Za-z0-9]*) (?<operator>=|==|!=|EndsWith|NotEndsWith) (?<wanted>""|[A-Za-z0-9.]+(?: [A-Za-z0-9.]+)*)$/;

/** @throws Error that names what Azure DevOps would refuse */
export function parseRule(rule: string): VisibleRule {
  if (rule.includes('&&') && rule.includes('||')) throw new Error(`mixes && and ||: "${rule}"`);
  const joint = rule.includes('||') ? '||' : '&&';
  const conditions = rule.split(` ${joint} `).map((text): Condition => {
    const parts = grammar.exec(text)?.groups;
    if (parts === undefined) throw new Error(`is not "input operator value": "${text}"`);
    const { input = '', operator = '=', wanted = '' } = parts;
    return { input, operator: operator as Condition['operator'], wanted: wanted === '""' ? '' : wanted };
  });
  return { joint, conditions };
}

/** Whether what has this rule is shown. A hidden field still counts with the value that is in it. */
export function isShown(rule: string | undefined, values: Values): boolean {
  if (rule === undefined || rule === '') return true;
  const { joint, conditions } = parseRule(rule);
  const holds = ({ input, operator, wanted }: Condition): boolean =>
    operators[operator](values[input] ?? '', wanted);
  return joint === '&&' ? conditions.every(holds) : conditions.some(holds);
}

/** The inputs that a form shows: by their own rule and by that of their group. */
export function shownInputs({ groups, inputs }: TaskDefinition, values: Values): TaskInput[] {
  const hidden = groups.filter(({ visibleRule }) => !isShown(visibleRule, values)).map(({ name }) => name);
  return inputs.filter(
    ({ groupName, visibleRule }) => !hidden.includes(groupName) && isShown(visibleRule, values),
  );
}
