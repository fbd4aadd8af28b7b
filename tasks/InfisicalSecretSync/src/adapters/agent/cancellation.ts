/** The agent's way of asking a step to stop: SIGINT, 7.5 s later SIGTERM, 2.5 s later the end. Windows sends SIGBREAK. */
const signals = ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const;

/** A write in flight may take so long to end; the rest of the 7.5 s is for saying what was done. */
const writeGraceMs = 5_000;

export interface Cancellation {
  /** Aborted at once: reads and waits end. */
  asked: AbortSignal;
  /** Aborted after the grace for writes. */
  writeCutOff: AbortSignal;
  /** Stops listening, so that the process can end. */
  end(): void;
}

/** Listens for the agent from now on. */
export function cancellation(): Cancellation {
  const asked = new AbortController();
  const writeCutOff = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    asked.abort();
    timer ??= setTimeout(() => {
      writeCutOff.abort();
    }, writeGraceMs);
  };
  for (const signal of signals) process.on(signal, stop);
  return {
    asked: asked.signal,
    writeCutOff: writeCutOff.signal,
    end: () => {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, stop);
    },
  };
}
