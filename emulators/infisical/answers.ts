import { createHash, randomInt } from 'node:crypto';
import type { Answer } from '../loopback/loopback-server.js';

export type Profile = 'v4-2026' | 'v4-2025' | 'v4-none' | 'docker-2024' | 'legacy-2024';

export function isOld(profile: Profile): boolean {
  return profile === 'docker-2024' || profile === 'legacy-2024';
}

export interface Failure {
  error: string;
  message: unknown;
  details?: unknown;
  /** Node's or Fastify's code, which servers of 2024 pass on. */
  code?: string;
}

/** Thrown where a server says no; the pipeline turns it into the answer of the profile. */
export class Refused extends Error {
  readonly status: number;
  readonly failure: Failure;

  constructor(status: number, failure: Failure) {
    super(`${String(status)} ${failure.error}`);
    this.status = status;
    this.failure = failure;
  }
}

/** Servers of 2024 use other codes for the same errors (recorded from a server of July 2024). */
const oldStatus: Record<string, number> = {
  UnauthorizedError: 403,
  PermissionDenied: 401,
  ValidationFailure: 403,
};

/** Errors whose envelope names the error before the message: recorded for 2024, error-handler.ts@036d891d for today. */
const errorFirst = new Set([
  'PermissionDenied',
  'ValidationFailure',
  'TokenError',
  'InternalServerError',
  'Internal Server Error',
  'Bad Request',
  'Payload Too Large',
  'Unsupported Media Type',
  'Too Many Requests',
]);

/** The error envelope; old servers send neither reqId nor details. */
export function failure(
  profile: Profile,
  status: number,
  { error, message, details, code }: Failure,
): Answer {
  const old = isOld(profile);
  const statusCode = old ? (oldStatus[error] ?? status) : status;
  const words = errorFirst.has(error) ? { error, message } : { message, error };
  return json(statusCode, {
    ...(old ? {} : { reqId: requestId() }),
    statusCode,
    ...(code === undefined ? {} : { code }),
    ...words,
    ...(old || details === undefined ? {} : { details }),
  });
}

export function unauthorized(message = 'You are not allowed to access this resource'): Refused {
  return new Refused(401, { error: 'UnauthorizedError', message });
}

export function json(status: number, value: unknown): Answer {
  const body = JSON.stringify(value);
  return {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      ETag: `"${createHash('sha1').update(body).digest('base64')}"`,
      'Content-Length': String(Buffer.byteLength(body)),
    },
    body,
  };
}

/** A matching quoted tag gets 304 and nothing; an unquoted one or `*` gets the whole answer. */
export function notModified(answer: Answer, ifNoneMatch: string | undefined): Answer {
  if (answer.status !== 200 || ifNoneMatch === undefined || answer.headers?.['ETag'] !== ifNoneMatch)
    return answer;
  return { ...answer, status: 304, headers: { ...answer.headers, 'Content-Length': '0' }, body: '' };
}

function requestId(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return `req-${Array.from({ length: 14 }, () => letters[randomInt(letters.length)]).join('')}`;
}
