import type { TaskResult } from './result.js';

/** More is not done, whatever is asked for (TaskRunner.cs). */
const mostRetries = 10;

/** The step is over, and not by its own doing: never tried again. */
export class OperationCanceled extends Error {
  constructor() {
    super('The operation was canceled.');
  }
}

export interface Retries {
  count: number;
  /** Milliseconds before the next attempt; the agent's own is (n + 1)² seconds. */
  delayMs?: (attempt: number) => number;
  wait: (ms: number) => Promise<void>;
  warn: (message: string) => void;
  result: { get: () => TaskResult | undefined; reset: () => void };
}

export function agentsDelay(attempt: number): number {
  return (attempt + 1) ** 2 * 1_000;
}

/**
 * Runs a step until it does not fail (RetryHelper.cs). What a failed command has left behind stays, so such a step
 * fails in the end whatever its later attempts do. @returns the number of attempts
 */
export async function runWithRetries(attempt: () => Promise<void>, retries: Retries): Promise<number> {
  const { delayMs = agentsDelay, warn, result } = retries;
  if (retries.count > mostRetries)
    warn(
      `The maximum allowed number of attempts is ${mostRetries} but got ${retries.count}. Retry attempts count will be decreased to ${mostRetries}.`,
    );
  const count = Math.min(retries.count, mostRetries);
  for (let number = 0; ; number += 1) {
    const isLast = number >= count;
    const delay = delayMs(number);
    try {
      await attempt();
      if (result.get() !== 'Failed' || isLast) return number + 1;
      result.reset();
      warn(
        `RetryHelper encountered task failure, will retry (attempt #: ${number + 1} out of ${count}) after ${delay} ms`,
      );
    } catch (error) {
      if (error instanceof OperationCanceled || isLast) throw error;
      const message = error instanceof Error ? error.message : String(error);
      warn(
        `RetryHelper encountered exception, will retry (attempt #: ${number + 1} ${message}) afer ${delay} ms`,
      );
    }
    await retries.wait(delay);
  }
}
