import { createHash } from 'node:crypto';
import type { Answer, Received } from '../loopback/loopback-server.js';
import { isOld, isRecorded2026, json, type Profile } from './answers.js';

/** Whatever is not below /api: the web interface, so a wrong base path looks like success. */
export function webInterface(profile: Profile, received: Received): Answer {
  if (profile === 'legacy-2024') return unknownRoute(profile, received);
  if (profile === 'docker-2024')
    return received.path === '/' ? nextPage(200, 'Infisical') : unknownRoute(profile, received);
  return received.method === 'GET' || received.method === 'HEAD'
    ? html(200, 'Infisical')
    : unknownRoute(profile, received);
}

/** A route the server does not know: Fastify's own answer, or that of Next.js where both run in one image. */
export function unknownRoute(profile: Profile, { method, target }: Received): Answer {
  if (profile === 'docker-2024') return unknownToNext(target);
  return json(404, { message: `Route ${method}:${target} not found`, error: 'Not Found', statusCode: 404 });
}

function unknownToNext(target: string): Answer {
  const [path = '', query] = target.split('?');
  if (!/.\/$/.test(path)) return nextPage(404, '404: This page could not be found');
  const location = `${path.slice(0, -1)}${query === undefined ? '' : `?${query}`}`;
  return { status: 308, headers: { Location: location }, body: location };
}

function nextPage(status: number, title: string): Answer {
  const page = html(status, title);
  return {
    ...page,
    headers: {
      ...page.headers,
      'X-Powered-By': 'Next.js',
      ETag: `"${createHash('sha1').update(title).digest('hex').slice(0, 12)}"`,
      Vary: 'Accept-Encoding',
    },
  };
}

function html(status: number, title: string): Answer {
  const body = `<!DOCTYPE html><html><head><title>${title}</title></head><body><div id="__next"></div></body></html>`;
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
    },
    body,
  };
}

/** Headers of every answer of the API; pages of Next.js have their own `Vary`, and a preflight has no HSTS. */
export function dressed(answer: Answer, { siteUrl, profile }: { siteUrl: string; profile: Profile }): Answer {
  const seconds = isRecorded2026(profile) ? '31536000' : '15552000';
  const security = { 'Strict-Transport-Security': `max-age=${seconds}; includeSubDomains` };
  const isApi = answer.headers?.['ETag'] !== undefined && answer.headers['X-Powered-By'] === undefined;
  const cors = isApi || !isOld(profile) ? { 'Access-Control-Allow-Origin': siteUrl, Vary: 'Origin' } : {};
  return { ...answer, headers: { ...security, ...cors, ...answer.headers } };
}

export function preflight(siteUrl: string): Answer {
  return {
    status: 204,
    headers: {
      'Access-Control-Allow-Origin': siteUrl,
      'Access-Control-Allow-Methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
      Vary: 'Origin, Access-Control-Request-Headers',
    },
  };
}
