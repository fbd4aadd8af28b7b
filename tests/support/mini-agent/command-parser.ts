/** One logging command, as the agent reads it from a line. */
export interface AgentCommand {
  area: string;
  event: string;
  /** Keys in lower case; the agent ignores their case. */
  properties: Record<string, string>;
  data: string;
}

const prefix = '##vso[';

/**
 * Reads a command that stands anywhere in a line (microsoft/azure-pipelines-agent, Command.cs).
 * @returns undefined for a line that is none, also for one that only looks like it
 */
export function parseCommand(line: string, decodePercents = true): AgentCommand | undefined {
  const start = line.indexOf(prefix);
  if (start === -1) return undefined;
  const end = line.indexOf(']', start);
  if (end === -1) return undefined;
  const info = line.slice(start + prefix.length, end);
  const space = info.indexOf(' ');
  const name = space === -1 ? info : info.slice(0, space);
  const parts = name.split('.').filter((part) => part !== '');
  const [area, event] = parts;
  if (parts.length !== 2 || area === undefined || event === undefined) return undefined;
  const unescape = (text: string): string => unescaped(text, decodePercents);
  return {
    area: area.toLowerCase(),
    event: event.toLowerCase(),
    properties: space === -1 ? {} : parseProperties(info.slice(space + 1), unescape),
    data: unescape(line.slice(end + 1)),
  };
}

/** Keys and values are not trimmed: `; issecret=true` sets a key that nobody knows. */
function parseProperties(text: string, unescape: (text: string) => string): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const pair of text.split(';').filter((part) => part !== '')) {
    const equals = pair.indexOf('=');
    const key = pair.slice(0, equals);
    const value = pair.slice(equals + 1);
    if (equals > 0 && value !== '') properties[key.toLowerCase()] = unescape(value);
  }
  return properties;
}

function unescaped(text: string, decodePercents: boolean): string {
  const decoded = text
    .replaceAll('%3B', ';')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%5D', ']');
  return decodePercents ? decoded.replaceAll('%AZP25', '%') : decoded;
}

/** The agent's own escape, with which it registers secret values. */
export function agentEscaped(text: string): string {
  return text
    .replaceAll('%', '%AZP25')
    .replaceAll(';', '%3B')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
    .replaceAll(']', '%5D');
}

/** .NET's Boolean.TryParse: `1` and `yes` are false. */
export function parseBoolean(text: string | undefined): boolean {
  return text?.trim().toLowerCase() === 'true';
}
