import type { Readable } from 'node:stream';

type Source = 'stdout' | 'stderr';

/**
 * Hands on the lines of both streams. Each is read by itself; of what has arrived together, stderr comes first
 * (ProcessInvoker.cs, ProcessOutput). Lines end with CR, LF or both, wherever a chunk was cut; what is left at the end
 * is a line, too.
 */
export class LineReader {
  readonly #queues: Record<Source, string[]> = { stderr: [], stdout: [] };
  readonly #onLine: (line: string) => void;
  #isScheduled = false;
  #isOver = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  async read(source: Source, stream: Readable): Promise<void> {
    stream.setEncoding('utf8');
    let rest = '';
    for await (const chunk of stream as AsyncIterable<string>) {
      // A CR at the end of a chunk may be half of a line end.
      const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      this.#add(source, lines);
    }
    if (rest !== '') this.#add(source, [rest.replace(/\r$/, '')]);
  }

  /** What has been read is handed on, what is still to come is not. */
  end(): void {
    this.#flush();
    this.#isOver = true;
  }

  #add(source: Source, lines: readonly string[]): void {
    this.#queues[source].push(...lines);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#flush();
    });
  }

  #flush(): void {
    this.#isScheduled = false;
    for (const source of ['stderr', 'stdout'] as const) {
      const lines = this.#queues[source].splice(0);
      if (!this.#isOver) lines.forEach(this.#onLine);
    }
  }
}
