import { validateHeaderName, validateHeaderValue } from 'node:http';
import { SecretValue } from '../../domain/secret-value.js';
import { quoted } from '../../domain/text.js';

export interface RequestHeader {
  name: string;
  value: SecretValue;
}

/** What the task or the protocol sets itself. */
const own =
  /^(?:accept|authorization|connection|content-.*|expect|host|te|trailer|transfer-encoding|upgrade|user-agent|proxy-.*)$/i;

/** Reads one `Name: value` a line. No problem says what a value is. */
export function parseRequestHeaders(text: string): { headers: RequestHeader[] } | { problems: string[] } {
  const headers: RequestHeader[] = [];
  const problems: string[] = [];
  for (const [index, line] of text.split(/\r\n|[\r\n]/).entries()) {
    if (line.trim() === '') continue;
    const parsed = parseLine(line);
    if (typeof parsed === 'string')
      problems.push(`line ${String(index + 1)} of its extra request headers ${parsed}`);
    else if (headers.some(({ name }) => name.toLowerCase() === parsed.name.toLowerCase()))
      problems.push(`its extra request headers name ${quoted(parsed.name)} twice. Remove one of them.`);
    else headers.push(parsed);
  }
  return problems.length > 0 ? { problems } : { headers };
}

function parseLine(line: string): RequestHeader | string {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon).trim();
  const value = line.slice(colon + 1).trim();
  if (
    colon < 0 ||
    value === '' ||
    !isValid(() => {
      validateHeaderName(name);
    })
  ) {
    return 'is not of the form "Name: value". Correct it.';
  }
  if (own.test(name)) return `sets ${quoted(name)}, which this task sets itself. Remove that line.`;
  if (
    !isValid(() => {
      validateHeaderValue(name, value);
    })
  ) {
    return `gives ${quoted(name)} a value that no header can have. Correct it.`;
  }
  return { name, value: new SecretValue(value) };
}

function isValid(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
