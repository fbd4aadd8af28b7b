/** Where the agent looks for its settings. */
export interface AgentSettings {
  /** Variables of the job, secret or not. */
  variables: string[];
  /** Feature flags of the server, which arrive as variables `DistributedTask.Agent.…`. */
  features: string[];
  /** The environment of the agent itself. */
  environment: string[];
}

const sources = {
  variables: 'RuntimeKnobSource',
  features: 'PipelineFeatureSource',
  environment: 'EnvironmentKnobSource',
} as const;

/** All settings of one AgentKnobs.cs. @throws Error for a name that is neither text, nameof nor a constant of the file */
export function settingsIn(code: string): AgentSettings {
  const constants = new Map(
    [...code.matchAll(/const string (\w+) = "([^"]+)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const nameOf = (argument: string): string => {
    const name = /^"([^"]+)"$/.exec(argument)?.[1] ?? /^nameof\((\w+)\)$/.exec(argument)?.[1];
    const found = name ?? constants.get(argument);
    if (found === undefined)
      throw new Error(`AgentKnobs.cs names a setting in a form that this script can't read: ${argument}`);
    return found;
  };
  const named = (kind: string): string[] =>
    [...code.matchAll(new RegExp(`new ${kind}\\(((?:[^()]|\\([^()]*\\))*)\\)`, 'g'))].map(
      ([, argument = '']) => nameOf(argument.trim()),
    );
  return {
    variables: named(sources.variables),
    features: named(sources.features),
    environment: named(sources.environment),
  };
}
