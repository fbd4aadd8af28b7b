import { SyncError, type DestinationError } from '../../domain/errors.js';
import type { Clock, WriteOutcome } from '../../ports.js';
import { awaitAnswer } from '../http/await-answer.js';
import type { HttpResponse } from '../http/exchange.js';
import { backoffMs, retryAfterMs } from '../http/retry-timing.js';

export interface WriteAttempt {
  /** How the messages call the destination. */
  title: string;
  /** Counts from 1. */
  attempt: number;
  clock: Clock;
}

/** A write that brought no answer may have taken effect: only a read can tell. @throws CancelledError */
export function sendOnce(
  send: () => Promise<HttpResponse>,
  { title, attempt, clock }: WriteAttempt,
): Promise<HttpResponse | WriteOutcome> {
  return awaitAnswer(send, {
    stopped: `The step was asked to stop while it wrote ${title}. The write was cut off.`,
    otherwise: (why): WriteOutcome => ({
      kind: 'unknown',
      why,
      waitMs: backoffMs(attempt, clock.random()),
    }),
  });
}

/** What a refusal makes of a write: one of the service's own faults leaves open what it did. @throws DestinationError then */
export function refusedOutcome({ status }: HttpResponse, because: DestinationError): WriteOutcome {
  if (status < 300 || status >= 500) throw because;
  return { kind: 'refused', because };
}

/** What has to be known before a write can be sent; without it nothing is written. */
export async function beforeSending<T>(look: () => Promise<T>): Promise<T | WriteOutcome> {
  try {
    return await look();
  } catch (because) {
    if (because instanceof SyncError) return { kind: 'refused', because };
    throw because;
  }
}

/** What an answer that says "later" makes of a write. */
export function laterOutcome(
  response: HttpResponse,
  { attempt, clock }: WriteAttempt,
  refusal: () => DestinationError,
): WriteOutcome {
  const askedMs = retryAfterMs(response.headers['retry-after'], clock.nowMs());
  if (askedMs === 'too long') return refusedOutcome(response, refusal());
  const waitMs = Math.max(askedMs ?? 0, backoffMs(attempt, clock.random()));
  const kind = response.status < 500 ? 'deferred' : 'unknown';
  return { kind, why: `it answered with status ${String(response.status)}`, waitMs };
}
