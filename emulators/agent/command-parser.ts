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
 * Reads a command that stands anywhere in a line (Command.cs).
 * @returns undefined for a line that is none, also for one that only looks like it
 */
export function parseCommand(line: string, decodesPercents = true): AgentCommand | undefined {
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
  return {
    area: area.toLowerCase(),
    event: event.toLowerCase(),
    properties: space === -1 ? {} : parseProperties(info.slice(space + 1), decodesPercents),
    data: unescaped(line.slice(end + 1), decodesPercents),
  };
}

/** Keys and values are not trimmed: `; issecret=true` sets a key that nobody knows. */
function parseProperties(text: string, decodesPercents: boolean): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const pair of text.split(';')) {
    const [, key, value] = twoParts.exec(pair) ?? [];
    if (key !== undefined && value !== undefined)
      properties[key.toLowerCase()] = unescaped(value, decodesPercents);
  }
  return properties;
}

/** .NET's Split('=', 2, RemoveEmptyEntries): `=` that would leave an empty part is swallowed, also before a value. */
const twoParts = /^=*([^=]+)=+([^=][^]*)$/;

export function unescaped(text: string, decodesPercents: boolean): string {
  const decoded = text
    .replaceAll('%3B', ';')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%5D', ']');
  return decodesPercents ? decoded.replaceAll('%AZP25', '%') : decoded;
}

/** The agent's own escape, in which it registers secret values. */
export function agentEscaped(text: string, decodesPercents = true): string {
  return (decodesPercents ? text.replaceAll('%', '%AZP25') : text)
    .replaceAll(';', '%3B')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
    .replaceAll(']', '%5D');
}

/** .NET's Boolean.TryParse: `1` and `yes` are false. */
export function parseBoolean(text: string | undefined): boolean {
  return text?.trim().toLowerCase() === 'true';
}

/** What the agent's exceptions say when it hands a message where a parameter's name belongs, as it often does. */
export function missing(what: string): Error {
  return new Error(`Value cannot be null. (Parameter '${what}')`);
}
