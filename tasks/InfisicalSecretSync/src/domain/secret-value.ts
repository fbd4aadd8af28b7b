const stars = '***';
const encoder = new TextEncoder();

/**
 * A text that cannot print itself: template strings, JSON and Node's inspect all give stars.
 * `reveal()` is for masking, sending and setting; everything else asks questions with the other methods.
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
