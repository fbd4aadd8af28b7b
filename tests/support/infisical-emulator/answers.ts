import { createHash, randomBytes } from 'node:crypto';
import type { Answer, Received } from '../loopback-server.js';

export type Profile = 'v4-2026' | 'v4-2025' | 'v4-none' | 'docker-2024' | 'legacy-2024';

export function isOld(profile: Profile): boolean {
  return profile === 'docker-2024' || profile === 'legacy-2024';
}

/** Servers of 2024 use other codes for the same errors (recorded from a server of July 2024). */
const oldStatus: Record<string, number> = {
  UnauthorizedError: 403,
  PermissionDenied: 401,
  ValidationFailure: 403,
};

/** The error envelope; old servers send no reqId and no details. */
export function failure(
  profile: Profile,
  status: number,
  { error, message }: { error: string; message: unknown },
): Answer {
  if (isOld(profile))
    return json(oldStatus[error] ?? status, { statusCode: oldStatus[error] ?? status, message, error });
  const reqId = `req-${randomBytes(7).toString('hex')}`;
  return json(status, { reqId, statusCode: status, message, error });
}

export function json(status: number, value: unknown): Answer {
  const body = JSON.stringify(value);
  return {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      ETag: `"${createHash('sha1').update(body).digest('base64url')}"`,
    },
    body,
  };
}

/** A route the server does not know: Fastify's own answer, or the web interface's where both run in one image. */
export function unknownRoute(profile: Profile, { method, path, query }: Received): Answer {
  if (profile === 'docker-2024') {
    return {
      status: 404,
      headers: { 'Content-Type': 'text/html; charset=utf-8', 'X-Powered-By': 'Next.js' },
      body: '<!DOCTYPE html><html><head><title>404</title></head><body></body></html>',
    };
  }
  const search = query.size === 0 ? '' : `?${query.toString()}`;
  return json(404, {
    message: `Route ${method}:${path}${search} not found`,
    error: 'Not Found',
    statusCode: 404,
  });
}

/** Whatever is not below /api is the web interface: 200 and HTML, so a wrong base path looks like success. */
export const webInterface: Answer = {
  status: 200,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html><html><head><title>Infisical</title></head><body><div id="root"></div></body></html>',
};
