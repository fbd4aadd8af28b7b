/**
 * Names of the inputs that the step was given, known to this task or not: in upper case, with `_` for blanks and dots.
 * Read as soon as this module is loaded, which has to be before task-lib is: that takes them out of the environment.
 */
export const givenInputs: readonly string[] = inputsIn(process.env);

/**
 * A pipeline variable called `input.x` reaches the environment by the name of an input `x` (Handler.cs of the agent).
 * The agent lists the variables, so those are left out. What else lies in the environment of the agent can't be told
 * from an input. Values are not looked at.
 */
export function inputsIn(env: NodeJS.ProcessEnv): string[] {
  const variables = new Set(variableNames(env['VSTS_PUBLIC_VARIABLES']).map(environmentName));
  return Object.keys(env)
    .filter((name) => name.startsWith('INPUT_') && !variables.has(environmentName(name)))
    .map((name) => name.slice('INPUT_'.length));
}

/** `VarUtil.ConvertToEnvVariableFormat` of the agent; some variables keep their case, so all lose it here. */
function environmentName(name: string): string {
  return name.replace(/[. ]/g, '_').toUpperCase();
}

function variableNames(list: string | undefined): string[] {
  try {
    const names: unknown = JSON.parse(list ?? '');
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}
