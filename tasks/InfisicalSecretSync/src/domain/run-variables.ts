import { kindOf, type DesiredVariable } from './desired.js';
import { environmentName } from './environment-name.js';
import { groupedBy } from './grouping.js';
import { nameProblem } from './name-policy.js';
import { outputNames } from './report.js';
import { counted, quoted, quotedList, sameName } from './text.js';
import { environmentBytes } from './variable-value.js';
import { undecodable } from './wire-form.js';

/** The longest environment value on Windows, where the agent hands variables over (agent, Handler.cs). */
const longestValue = 32_766;
/** The names of all variables stand in one environment value, too. */
const longestNameList = 32_766;
/**
 * Linux gives a process 2 MB for its arguments and its environment (a quarter of the stack, execve(2)), of which the
 * job has variables of its own.
 */
const mostBytes = 1_048_576;
/** Linux counts the pointer to each string, too. */
const pointerBytes = 8;

export interface RunTraits {
  /** False in a job whose variable DECODE_PERCENTS is false. */
  decodesPercents: boolean;
  /** The name of the step whose outputs they become, too: later steps of the job get both. */
  outputStep?: string | undefined;
}

/**
 * Why variables can't be set in a run, each with its name; all of them are looked at before the first is set, so that
 * a step sets all or none.
 */
export function unsettable(
  variables: readonly DesiredVariable[],
  { decodesPercents, outputStep }: RunTraits,
): string[] {
  const outputs =
    outputStep === undefined
      ? []
      : variables.map((variable) => ({ ...variable, name: `${outputStep}.${variable.name}` }));
  return [
    ...variables.flatMap((variable) => problemsOf(variable, decodesPercents)),
    ...clashes([...variables, ...outputs]),
    ...tooMuchTogether(variables, outputs),
  ];
}

function problemsOf({ name, value }: DesiredVariable, decodesPercents: boolean): string[] {
  const problems: string[] = [];
  if (outputNames.some((own) => sameName(own) === sameName(name)))
    problems.push(`${quoted(name)}: an output variable of this task has the same name`);
  if (value.length > longestValue)
    problems.push(
      `${quoted(name)}: the value has ${String(value.length)} characters; a pipeline variable can have at most ${String(longestValue)}`,
    );
  if (!decodesPercents && undecodable.test(name))
    problems.push(
      `${quoted(name)}: the name contains a percent code that the agent would decode, because DECODE_PERCENTS is false in this job`,
    );
  if (!decodesPercents && value.matches(undecodable))
    problems.push(
      `${quoted(name)}: the value contains a percent code that the agent would decode, because DECODE_PERCENTS is false in this job`,
    );
  return problems;
}

/** Why variables can't be outputs of this step: in its job they are called `step.name`, and reach it as `STEP_NAME`. */
export function unfitForOutput(variables: readonly DesiredVariable[], step: string): string[] {
  return variables.flatMap((variable) => {
    const output = `${step}.${variable.name}`;
    const problem = nameProblem(output, kindOf(variable));
    return problem === undefined
      ? []
      : [
          `${quoted(variable.name)}: as an output variable of this step its name is ${quoted(output)}; ${problem}`,
        ];
  });
}

/** `a.b` and `a_b` are two variables and one environment name; the later one would win. */
function clashes(variables: readonly DesiredVariable[]): string[] {
  const alike = namesBy(variables, ({ name }) => environmentName(name));
  // A task gets secrets with a prefix, and so may meet a plain variable that is called like that.
  const prefixed = namesBy(
    variables,
    ({ name, isSecret }) => `${isSecret ? 'SECRET_' : ''}${environmentName(name)}`,
  );
  const clashing = new Map([...prefixed, ...alike].map(([key, names]) => [quotedList(names), key]));
  return [...clashing].map(
    ([names, key]) => `${names} would be the same environment variable ${quoted(key)}`,
  );
}

function namesBy(
  variables: readonly DesiredVariable[],
  keyOf: (variable: DesiredVariable) => string,
): [key: string, names: string[]][] {
  return [...groupedBy(variables, keyOf)]
    .filter(([, sharing]) => sharing.length > 1)
    .map(([key, sharing]) => [key, sharing.map(({ name }) => name)]);
}

function tooMuchTogether(
  variables: readonly DesiredVariable[],
  outputs: readonly DesiredVariable[],
): string[] {
  const all = [...variables, ...outputs];
  const twice = outputs.length > 0 ? ' (each counted twice because of setAsOutput)' : '';
  const nameList = JSON.stringify(all.map(({ name }) => name)).length;
  const bytes = all.reduce((sum, variable) => sum + environmentBytes(variable) + pointerBytes, 0);
  return [
    ...(nameList > longestNameList
      ? [
          `the names of all ${counted(variables.length, 'variable')} together${twice} have ${String(nameList)} characters; the agent passes at most ${String(longestNameList)}`,
        ]
      : []),
    ...(bytes > mostBytes
      ? [
          `all ${counted(variables.length, 'value')} and their names together${twice} take ${String(bytes)} bytes; at most ${String(mostBytes)} fit into the environment of a job`,
        ]
      : []),
  ];
}
