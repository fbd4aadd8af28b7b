/** Shorter secrets than this can't be left unmasked, whatever is asked for (LoggedSecretMasker.cs). */
const highestMinimum = 6;

/**
 * Stars out literals as the agent does: each value as it is and in three encodings, matched case-sensitively within
 * one message; ranges that touch become one. No base64, no lines: what was not registered shows.
 */
export class Masker {
  /** Every value in the order in which it was registered. */
  readonly added: string[] = [];
  readonly #literals = new Set<string>();
  #minimum = 0;

  add(value: string): void {
    if (value === '' || value.length < this.#minimum) return;
    this.added.push(value);
    for (const form of [value, jsonEscaped(value), uriEscaped(value), backslashUnescaped(value)]) {
      if (form !== '') this.#literals.add(form);
    }
  }

  get minimum(): number {
    return this.#minimum;
  }

  set minimum(length: number) {
    this.#minimum = Math.min(length, highestMinimum);
  }

  removeShort(): void {
    for (const literal of this.#literals) if (literal.length < this.#minimum) this.#literals.delete(literal);
  }

  mask(message: string): string {
    const ranges = [...this.#literals].flatMap((literal) => occurrences(message, literal));
    for (const match of message.matchAll(urlPassword))
      ranges.push([match.index, match.index + match[0].length]);
    let masked = '';
    let position = 0;
    for (const [start, end] of merged(ranges)) {
      masked += `${message.slice(position, start)}***`;
      position = end;
    }
    return masked + message.slice(position);
  }
}

/** The agent's only regular expression: the password of a URL (AdditionalMaskingRegexes.cs). */
const urlPassword =
  /(?<=\/\/[^:/?#\n]+:)(?:[\p{L}\p{Mn}\p{Nd}\p{Pc}.~-]|(?:%|%AZP25)[0-9a-fA-F]{2}|[!$&'()*+,;=]|:)+(?=@)/gu;

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

/** Newtonsoft's JSON also escapes NEL and the Unicode line ends. */
function jsonEscaped(value: string): string {
  return JSON.stringify(value)
    .slice(1, -1)
    .replaceAll('\u0085', '\\u0085')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function uriEscaped(value: string): string {
  const wellFormed = Buffer.from(value).toString();
  return encodeURIComponent(wellFormed).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Its name in the agent is BackslashEscape, but it takes backslashes away; the source is closed, the vectors are not. */
function backslashUnescaped(value: string): string {
  return value.replaceAll('\\\\', '\\').replaceAll("\\'", "'").replaceAll('\\"', '"').replaceAll('\\t', '\t');
}
