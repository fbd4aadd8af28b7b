/** Counts how things ended, row by row, and prints it so that it can be read in a log. */
export class Tally<Column extends string> {
  readonly #columns: readonly Column[];
  readonly #rows = new Map<string, Map<Column, number>>();

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
  }

  add(row: string, column: Column): void {
    const counts = this.#rows.get(row) ?? new Map<Column, number>();
    counts.set(column, (counts.get(column) ?? 0) + 1);
    this.#rows.set(row, counts);
  }

  /** The figures under `title`; indented, so that no line looks like one of the test runner's. */
  print(title: string): void {
    const body = [...this.#rows].map(([name, counts]) => [
      name,
      ...this.#columns.map((column) => shown(counts.get(column))),
    ]);
    const total = this.#columns.map((column) =>
      shown([...this.#rows.values()].reduce((sum, counts) => sum + (counts.get(column) ?? 0), 0)),
    );
    const lines = [[title, ...this.#columns], ...body, ['all', ...total]];
    const widths =
      lines[0]?.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0))) ?? [];
    for (const [name = '', ...cells] of lines) {
      const padded = cells.map((cell, index) => cell.padStart(widths[index + 1] ?? 0));
      console.log(`      ${[name.padEnd(widths[0] ?? 0), ...padded].join('  ')}`);
    }
  }
}

function shown(count: number | undefined): string {
  return count === undefined || count === 0 ? '·' : String(count);
}
