import { CancelledError, DestinationError } from '../../domain/errors.js';
import type { Clock, WriteOutcome } from '../../ports.js';
import { NetworkError, type HttpResponse } from '../http/exchange.js';
import { whyNoAnswer } from '../http/no-answer.js';
import { backoffMs, retryAfterMs } from '../http/retry-timing.js';

export interface WriteAttempt {
  /** How the messages call the destination. */
  title: string;
  /** Counts from 1. */
  attempt: number;
  clock: Clock;
}

/** A write that brought no answer may have taken effect: only a read can tell. @throws CancelledError */
export async function sendOnce(
  send: () => Promise<HttpResponse>,
  { title, attempt, clock }: WriteAttempt,
): Promise<HttpResponse | WriteOutcome> {
  try {
    return await send();
  } catch (cause) {
    if (!(cause instanceof NetworkError)) throw cause;
    if (cause.code === 'ABORTED') {
      throw new CancelledError(`The step was asked to stop while it wrote ${title}; the write was cut off.`, {
        cause,
      });
    }
    return { kind: 'unknown', why: whyNoAnswer(cause), waitMs: backoffMs(attempt, clock.random()) };
  }
}

/** What an answer that says "later" makes of a write. @throws what `refusal` gives when it says "much later" */
export function laterOutcome(
  response: HttpResponse,
  { attempt, clock }: WriteAttempt,
  refusal: () => DestinationError,
): WriteOutcome {
  const askedMs = retryAfterMs(response.headers['retry-after'], clock.nowMs());
  if (askedMs === 'too long') throw refusal();
  const waitMs = Math.max(askedMs ?? 0, backoffMs(attempt, clock.random()));
  return { kind: 'unknown', why: `it answered with status ${String(response.status)}`, waitMs };
}

/** Reads, and says of what when no answer comes. @throws DestinationError, CancelledError */
export async function explained<T>(title: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof NetworkError)) throw cause;
    if (cause.code === 'ABORTED')
      throw new CancelledError('The step was asked to stop while it read Azure DevOps.', { cause });
    throw new DestinationError(`Azure DevOps gave no answer about ${title}: ${whyNoAnswer(cause)}.`, {
      cause,
    });
  }
}
