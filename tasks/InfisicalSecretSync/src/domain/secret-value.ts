const stars = '***';
const encoder = new TextEncoder();

/**
 * A text that cannot print itself: template strings, JSON and Node's inspect all give stars.
 * `reveal()` is for masking, sending, setting and prints; everything else asks questions with the other methods.
 */
export class SecretValue {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  equals(other: SecretValue): boolean {
    return this.#text === other.#text;
  }

  matches(pattern: RegExp): boolean {
    return pattern.test(this.#text);
  }

  /** The parts that a pattern finds: for patterns of what may be shown, such as references. */
  partsLike(pattern: RegExp): string[] {
    return this.#text.match(pattern) ?? [];
  }

  /** The text with another in place of each part that a pattern finds. */
  withParts(pattern: RegExp, by: (part: string) => SecretValue): SecretValue {
    return new SecretValue(this.#text.replace(pattern, (part) => by(part).#text));
  }

  /**
   * What another text has in place of a part of this one, the same wherever that part stands; undefined where the rest
   * of the two differs.
   */
  gapIn(other: SecretValue, part: string): SecretValue | undefined {
    const pieces = this.#text.split(part);
    const gaps = pieces.length - 1;
    const length = (other.#text.length - (this.#text.length - gaps * part.length)) / gaps;
    if (!Number.isInteger(length)) return undefined;
    const start = pieces[0]?.length ?? 0;
    const gap = other.#text.slice(start, start + length);
    return pieces.join(gap) === other.#text ? new SecretValue(gap) : undefined;
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  /** In UTF-16 units, as Azure DevOps (.NET) counts. */
  get length(): number {
    return this.#text.length;
  }

  get lineCount(): number {
    let count = 1;
    for (let at = 0; at < this.#text.length; at += 1) if (isLineEnd(this.#text.charCodeAt(at))) count += 1;
    return count;
  }

  /** In bytes of UTF-8, as an environment holds it. */
  get byteLength(): number {
    return encoder.encode(this.#text).length;
  }

  toString(): string {
    return stars;
  }

  toJSON(): string {
    return stars;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return stars;
  }
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}
