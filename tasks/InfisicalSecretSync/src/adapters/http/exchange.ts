import * as http from 'node:http';
import * as https from 'node:https';
import type { Way } from './agents.js';
import { readBody } from './body.js';
import { NetworkError } from './network-error.js';
import { refusedBy } from './tunnel.js';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Where this one is to be answered sooner than others. */
  timeoutMs?: number;
}

export interface HttpResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface ExchangeLimits {
  timeoutMs: number;
  maxBytes: number;
  signal: AbortSignal;
}

/**
 * One request and its whole answer. Redirects are answers like any other: nothing is followed, so no credential
 * ever reaches an address that nobody typed.
 * @throws NetworkError
 */
export function exchange(request: HttpRequest, way: Way, limits: ExchangeLimits): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const call = begun(request, way);
    // A request that still waits for its connection hears nothing of being destroyed.
    const stop = (code: string) => (): void => {
      call.destroy();
      fail(new NetworkError(code, way));
    };
    const timer = setTimeout(stop('TIMEOUT'), limits.timeoutMs);
    const abort = stop('ABORTED');
    const settle = (): void => {
      clearTimeout(timer);
      limits.signal.removeEventListener('abort', abort);
    };
    const fail = (cause: unknown): void => {
      settle();
      reject(cause instanceof NetworkError ? cause : new NetworkError(codeOf(cause), { ...way, cause }));
    };
    limits.signal.addEventListener('abort', abort);
    call.on('error', fail);
    call.on('response', (response) => {
      if (way.askedProxy !== undefined && response.statusCode === 407) {
        call.destroy();
        fail(refusedBy(way.askedProxy, 407));
        return;
      }
      readBody(response, { maxBytes: limits.maxBytes, tooLarge: stop('TOO_LARGE') }).then((body) => {
        settle();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      }, fail);
    });
    if (limits.signal.aborted) abort();
    else call.end(request.body);
  });
}

/** A certificate of the agent that can't be used, or a header that can't be sent, is noticed here. @throws NetworkError */
function begun(request: HttpRequest, way: Way): http.ClientRequest {
  try {
    return begin(request, way);
  } catch (cause) {
    throw new NetworkError(codeOf(cause), { ...way, cause });
  }
}

function begin(request: HttpRequest, { agent, askedProxy }: Way): http.ClientRequest {
  const { url, method } = request;
  const headers = withLength(request);
  if (askedProxy === undefined) {
    return (url.protocol === 'https:' ? https : http).request(url, { method, agent, headers });
  }
  const { url: proxy, authorization } = askedProxy;
  return (proxy.protocol === 'https:' ? https : http).request(proxy, {
    method,
    agent,
    path: url.href,
    headers: {
      ...headers,
      Host: url.host,
      ...(authorization === undefined ? {} : { 'Proxy-Authorization': authorization.reveal() }),
    },
  });
}

function withLength({ headers, body }: HttpRequest): Record<string, string> {
  return { ...headers, ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }) };
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'UNKNOWN';
}
