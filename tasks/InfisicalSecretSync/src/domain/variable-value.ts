import type { DesiredVariable } from './desired.js';

/** Linux: one string of an environment, its name and the ending NUL included (MAX_ARG_STRLEN, execve(2)). */
const longestString = 131_072;

/** The agent looks for commands in every line that a step prints, before it hides anything. */
export const agentCommand = /##\s*vso\s*\[/i;

/** Bytes that a variable takes in the environment of a task, where a secret has a prefix; with the ending NUL. */
export function environmentBytes({ name, value, isSecret }: DesiredVariable): number {
  return Buffer.byteLength(isSecret ? `SECRET_${name}` : name) + value.byteLength + '=\0'.length;
}

/** Why a variable of this value must not be written, or nothing. Every job that gets one pays for it. */
export function valueProblem(variable: DesiredVariable): string | undefined {
  const { value, isSecret } = variable;
  if (value.matches(/\0/))
    return 'the value contains a NUL character, which no environment can hold: in a job that gets it, no later task would start';
  if (value.matches(/\p{Cs}/u))
    return 'the value contains half of a character, which would be stored as a different one';
  if (!isSecret && value.matches(agentCommand))
    return 'the value contains a logging command of the agent, and every step that prints the plain variable would run it; the value is allowed without the tag that makes the variable plain';
  const bytes = environmentBytes(variable);
  if (bytes > longestString)
    return `the value and its name take ${String(bytes)} bytes in an environment; Linux starts no task with more than ${String(longestString)}`;
  return undefined;
}
