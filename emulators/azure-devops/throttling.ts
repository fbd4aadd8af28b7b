import type { Answer } from '../loopback/loopback-server.js';
import { failure } from './answers.js';
import type { Identity } from './identities.js';
import type { Service } from './service.js';

/** How much one identity may ask for in a while. */
export interface Throttle {
  /** So many requests are served, then none until the time is over. */
  requests: number;
  retryAfterSeconds: number;
  used: number;
  untilMs: number;
}

const resource = 'core';

/**
 * Counts a request. The last ones that are served carry a delay already, on a 200; those above the limit are blocked.
 * @returns headers for the answer, or the answer that blocks
 */
export function throttled(
  identity: Identity,
  service: Service,
): { headers: Record<string, string> } | Answer {
  const throttle = service.throttles.get(identity.name);
  if (throttle === undefined) return { headers: {} };
  const now = service.now();
  if (now >= throttle.untilMs) {
    throttle.used = 0;
    throttle.untilMs = now + throttle.retryAfterSeconds * 1000;
  }
  throttle.used += 1;
  const headers = headersOf(throttle, now);
  if (throttle.used <= throttle.requests) return { headers };
  const blocked = failure(
    429,
    'RequestBlockedException',
    `TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource '${resource}' in namespace '${identity.id}'.`,
  );
  return { ...blocked, headers: { ...blocked.headers, ...headers } };
}

function headersOf(throttle: Throttle, nowMs: number): Record<string, string> {
  const seconds = Math.max(1, Math.ceil((throttle.untilMs - nowMs) / 1000));
  const isDelayed = throttle.used >= throttle.requests;
  return {
    'X-RateLimit-Resource': resource,
    'X-RateLimit-Limit': String(throttle.requests),
    'X-RateLimit-Remaining': String(Math.max(0, throttle.requests - throttle.used)),
    'X-RateLimit-Reset': String(Math.ceil(throttle.untilMs / 1000)),
    // All but these two come before anything is slowed down (Microsoft's documentation).
    ...(isDelayed ? { 'X-RateLimit-Delay': seconds.toFixed(3), 'Retry-After': String(seconds) } : {}),
  };
}
