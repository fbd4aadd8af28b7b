/**
 * Stars out literals as the agent does: each value as it is and in three encodings, matched case-sensitively within
 * one message; ranges that touch become one. No base64, no lines: what was not registered shows.
 */
export class Masker {
  readonly #literals = new Set<string>();
  /** The agent's only regular expression: the password of a URL. */
  readonly #urlPassword = /\/\/[^:/?#\s]+:([^@\s]+)@/g;

  add(value: string): void {
    if (value === '') return;
    for (const form of [value, jsonEscaped(value), uriEscaped(value), backslashUnescaped(value)]) {
      if (form !== '') this.#literals.add(form);
    }
  }

  knows(value: string): boolean {
    return this.#literals.has(value);
  }

  mask(message: string): string {
    const ranges = [...this.#literals].flatMap((literal) => occurrences(message, literal));
    for (const match of message.matchAll(this.#urlPassword)) {
      const password = match[1] ?? '';
      const start = match.index + match[0].length - password.length - 1;
      ranges.push([start, start + password.length]);
    }
    let masked = '';
    let position = 0;
    for (const [start, end] of merged(ranges)) {
      masked += `${message.slice(position, start)}***`;
      position = end;
    }
    return masked + message.slice(position);
  }
}

type Range = [start: number, end: number];

function occurrences(message: string, literal: string): Range[] {
  const found: Range[] = [];
  for (let start = message.indexOf(literal); start !== -1; start = message.indexOf(literal, start + 1)) {
    found.push([start, start + literal.length]);
  }
  return found;
}

function merged(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

function jsonEscaped(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

function uriEscaped(value: string): string {
  try {
    return encodeURIComponent(value).replace(
      /[!'()*]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  } catch {
    return value;
  }
}

function backslashUnescaped(value: string): string {
  return value.replace(/\\(.)/g, '$1');
}
