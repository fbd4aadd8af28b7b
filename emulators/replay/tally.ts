import assert from 'node:assert/strict';

/** Counts a replay. What is left out is listed with its reason, and a reason for nothing is an error. */
export class Tally {
  readonly #title: string;
  readonly #print: (line: string) => void;
  readonly #leftOut: ReadonlyMap<string, string>;
  readonly #unused: Set<string>;
  /** Names of exchanges by why they are compared only in part. */
  readonly #inPart = new Map<string, string[]>();
  #replayed = 0;
  #equal = 0;
  #left = 0;

  constructor(
    title: string,
    leftOut: Readonly<Record<string, string>>,
    print: (line: string) => void = console.log,
  ) {
    this.#title = title;
    this.#print = print;
    this.#leftOut = new Map(Object.entries(leftOut));
    this.#unused = new Set(this.#leftOut.keys());
  }

  /** Whether an exchange, or all of a file, is left out. */
  leavesOut(name: string): boolean {
    const key = [name, name.replace(/ #\d+$/, '')].find((candidate) => this.#leftOut.has(candidate));
    if (key === undefined) return false;
    this.#unused.delete(key);
    this.#left += 1;
    return true;
  }

  /**
   * @param inPart why the exchange is compared only in part, if it is
   * @throws AssertionError that lists how the answer differs
   */
  note(name: string, differences: readonly string[], inPart?: string): void {
    this.#replayed += 1;
    if (inPart !== undefined) this.#inPart.set(inPart, [...(this.#inPart.get(inPart) ?? []), name]);
    if (differences.length === 0) this.#equal += 1;
    assert.deepEqual(differences, [], `${name} is answered differently from the recording`);
  }

  /** Call it after the last test: prints the figures, and fails for a reason that leaves out nothing. */
  close(): void {
    const [replayed, equal, left] = [this.#replayed, this.#equal, this.#left].map(String);
    this.#print(`    ${this.#title}: ${replayed} replayed, ${equal} equal, ${left} left out`);
    for (const [reason, names] of this.#inPart)
      this.#print(`      in part: ${String(names.length)} (${shortList(names)}): ${reason}`);
    for (const [name, reason] of this.#leftOut) this.#print(`      left out: ${name}: ${reason}`);
    assert.deepEqual([...this.#unused], [], 'left out, but not recorded');
  }
}

function shortList(names: readonly string[]): string {
  const more = names.length - 5;
  return [...names.slice(0, 5), ...(more > 0 ? [`and ${String(more)} more`] : [])].join(', ');
}
