import type { HttpResponse } from '#task/adapters/http/exchange.js';

/** An answer of a service, as the parsers get it. */
export const answer = (
  status: number,
  body: unknown,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): HttpResponse => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
