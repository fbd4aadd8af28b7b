const firstBackoffMs = 500;
const longestBackoffMs = 30_000;
const longestRetryAfterMs = 120_000;

/** Full jitter: anything from nothing up to 0.5 s, 1 s, 2 s … 30 s. `attempt` counts from 1. */
export function backoffMs(attempt: number, random: number): number {
  return random * Math.min(longestBackoffMs, firstBackoffMs * 2 ** (attempt - 1));
}

/**
 * What a `Retry-After` header asks for, in milliseconds: seconds or an HTTP date.
 * `undefined` without a readable header; `'too long'` when it asks for more than two minutes.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | 'too long' | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const askedMs = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  if (Number.isNaN(askedMs)) return undefined;
  return askedMs > longestRetryAfterMs ? 'too long' : Math.max(0, askedMs);
}
