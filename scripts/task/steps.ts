import { parse } from 'yaml';
import type { Condition } from '../../emulators/agent/result.js';

/** A step that runs, as the mini-agent takes it. */
export interface TaskStep {
  name?: string;
  displayName: string;
  inputs: Record<string, string>;
  env?: Record<string, string>;
  condition?: Condition;
}

type Written = Record<string, unknown>;

interface WrittenStep {
  task?: string;
  name?: string;
  displayName?: string;
  enabled?: string;
  condition?: string;
  inputs?: Written;
  env?: Written;
}

const conditions: readonly string[] = ['succeeded()', 'succeededOrFailed()', 'failed()', 'always()'];

/**
 * This task's steps in a pipeline, a list of steps or a single step, job by job. Those that are switched off are left
 * out.
 * @throws Error that lists everything that can't be decided here: such a step must not simply run
 */
export function stepsIn(text: string): TaskStep[][] {
  const problems: string[] = [];
  // Azure Pipelines takes every scalar for text, as it is written: `0x10`, `no` and long numbers, too.
  const file = parse(text, { schema: 'failsafe', logLevel: 'error' }) as unknown;
  const jobs = listsOfSteps(file, problems).map((steps) =>
    steps
      .filter((step) => isOurs(step.task) && isEnabled(step, problems))
      .map((step) => asTaskStep(step, problems)),
  );
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return jobs.filter((steps) => steps.length > 0);
}

function isOurs(task: string | undefined): boolean {
  return /^(?:[^@]*\.)?InfisicalSecretSync@1$/i.test(task ?? '');
}

function isEnabled({ enabled, displayName = '' }: WrittenStep, problems: string[]): boolean {
  const text = (enabled ?? 'true').toLowerCase();
  if (text !== 'true' && text !== 'false')
    problems.push(
      `This command can’t evaluate "enabled" of the step "${displayName}": ${text}. Use true or false.`,
    );
  return text !== 'false';
}

/** Wherever in a pipeline steps are written: at its top, below jobs, stages or strategies. */
function listsOfSteps(part: unknown, problems: string[]): WrittenStep[][] {
  if (Array.isArray(part)) {
    const steps = part.filter(isStep);
    const deeper = part.filter((entry) => !isStep(entry)).flatMap((entry) => listsOfSteps(entry, problems));
    return steps.length > 0 ? [steps, ...deeper] : deeper;
  }
  if (typeof part !== 'object' || part === null) return [];
  if (isStep(part)) return [[part]];
  const found = Object.values(part).flatMap((entry) => listsOfSteps(entry, problems));
  const { condition } = part as { condition?: unknown };
  if (typeof condition === 'string' && found.some((steps) => steps.some(({ task }) => isOurs(task))))
    problems.push(
      `This command can’t evaluate the condition of a job or stage: ${condition}. Remove the condition, or the steps that depend on it.`,
    );
  return found;
}

function isStep(entry: unknown): entry is WrittenStep {
  return typeof entry === 'object' && entry !== null && 'task' in entry;
}

function asTaskStep(written: WrittenStep, problems: string[]): TaskStep {
  const { name, displayName = 'InfisicalSecretSync', inputs = {}, env, condition } = written;
  const known = conditions.find((one) => one.toLowerCase() === condition?.trim().toLowerCase());
  if (condition !== undefined && known === undefined)
    problems.push(
      `This command can’t evaluate the condition of the step "${displayName}": ${condition}. Use ${conditions.join(', ')}, or "enabled: false".`,
    );
  return {
    ...(name === undefined ? {} : { name }),
    displayName,
    inputs: texts(inputs, displayName, problems),
    ...(env === undefined ? {} : { env: texts(env, displayName, problems) }),
    ...(known === undefined ? {} : { condition: known as Condition }),
  };
}

function texts(values: Written, step: string, problems: string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value === 'string') return [name, value];
      problems.push(
        `"${name}" of the step "${step}" is a list or an object in YAML. Write a text, and put {{…}} in quotes.`,
      );
      return [name, ''];
    }),
  );
}
