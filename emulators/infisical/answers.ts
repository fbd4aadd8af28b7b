import { createHash, randomInt } from 'node:crypto';
import type { Answer } from '../loopback/loopback-server.js';

export type Profile = 'v4-2026' | 'v4-2025' | 'v4-none' | 'docker-2024' | 'legacy-2024';

export function isOld(profile: Profile): boolean {
  return profile === 'docker-2024' || profile === 'legacy-2024';
}

/** Today's server, as recorded in July 2026. */
export function isRecorded2026(profile: Profile): boolean {
  return profile === 'v4-2026';
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

/** Errors whose envelope named the error before the message in 2024; today it comes last of all (both recorded). */
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
  if (!old)
    return json(statusCode, {
      reqId: requestId(),
      statusCode,
      message,
      ...(details === undefined ? {} : { details }),
      error,
    });
  const words = errorFirst.has(error) ? { error, message } : { message, error };
  return json(statusCode, { statusCode, ...(code === undefined ? {} : { code }), ...words });
}

export function unauthorized(message = 'You are not allowed to access this resource'): Refused {
  return new Refused(401, { error: 'UnauthorizedError', message });
}

/** @param tag what the ETag is a hash with: lists of v4 have their own on today's servers */
export function json(status: number, value: unknown, tag: 'sha1' | 'sha256' = 'sha1'): Answer {
  const body = JSON.stringify(value);
  const hash = createHash(tag)
    .update(body)
    .digest(tag === 'sha1' ? 'base64' : 'base64url');
  return {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      ETag: `"${hash}"`,
      'Content-Length': String(Buffer.byteLength(body)),
    },
    body,
  };
}

/** A matching quoted tag gets 304 and nothing, a weak one too; an unquoted one, a list or `*` gets the whole answer. */
export function notModified(answer: Answer, ifNoneMatch: string | undefined): Answer {
  const tag = ifNoneMatch?.replace(/^W\//, '');
  if (answer.status !== 200 || tag === undefined || answer.headers?.['ETag'] !== tag) return answer;
  const { 'Content-Type': type = '', ...rest } = answer.headers;
  // Recorded: lists of today know their own tags and answer without a type; the rest is a plugin's.
  const isOwn = tag === ifNoneMatch && /^"[\w-]{43}"$/.test(tag);
  const headers = { ...rest, ...(isOwn ? {} : { 'Content-Type': type }), 'Content-Length': '0' };
  return { ...answer, status: 304, headers, body: '' };
}

function requestId(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return `req-${Array.from({ length: 14 }, () => letters[randomInt(letters.length)]).join('')}`;
}
