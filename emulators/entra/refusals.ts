import { randomUUID } from 'node:crypto';
import type { Answer } from '../loopback/loopback-server.js';

const uncached = { 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' };

/** Thrown where Entra gives no token; the emulator turns it into the answer. */
export class Refused extends Error {
  readonly status: number;
  readonly error: string;
  readonly code: number;
  readonly more: Record<string, unknown>;

  /** @param error OAuth's word for it: `invalid_client` has the status 401, all others 400 */
  constructor(error: string, code: number, text: string, more: Record<string, unknown> = {}) {
    super(text);
    this.status = error === 'invalid_client' ? 401 : 400;
    this.error = error;
    this.code = code;
    this.more = more;
  }
}

/** The error of Entra's token endpoint (reported answers, 2022-2025): one of `invalid_client` has no `error_uri`. */
export function refusal({ status, error, code, message, more }: Refused, nowMs: number): Answer {
  const [trace, correlation] = [randomUUID(), randomUUID()];
  const timestamp = `${new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return json(status, {
    error,
    error_description: `AADSTS${String(code)}: ${message} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    ...(error === 'invalid_client'
      ? {}
      : { error_uri: `https://login.microsoftonline.com/error?code=${String(code)}` }),
    ...more,
  });
}

export function json(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...uncached },
    body: JSON.stringify(value),
  };
}
