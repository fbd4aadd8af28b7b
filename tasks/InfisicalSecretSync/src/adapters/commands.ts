/**
 * Logging commands for the agent (microsoft/azure-pipelines-agent, Command.cs). Data and property values are escaped with the
 * agent's full set: it decodes all of it in both places, and then its own masks and ours have the same wire form.
 */
export function command(
  name: 'debug' | 'setsecret' | 'setvariable' | 'setprogress' | 'logissue' | 'uploadsummary' | 'complete',
  properties: Readonly<Record<string, string>>,
  data: string,
): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${escaped(value)}`);
  const header = written.length === 0 ? `task.${name}` : `task.${name} ${written.join(';')};`;
  return `##vso[${header}]${escaped(data)}`;
}

function escaped(text: string): string {
  return text
    .replaceAll('%', '%AZP25')
    .replaceAll(';', '%3B')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
    .replaceAll(']', '%5D');
}
