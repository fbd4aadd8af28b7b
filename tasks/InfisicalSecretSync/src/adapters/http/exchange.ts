import * as http from 'node:http';
import * as https from 'node:https';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

export interface HttpResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** No whole answer came back. The request may have been acted upon all the same. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  /** Node's code, for example ECONNREFUSED, or our own: TIMEOUT, TOO_LARGE, ABORTED. */
  readonly code: string;

  constructor(code: string, cause?: unknown) {
    super(`no whole answer (${code})`, { cause });
    this.code = code;
  }
}

export interface ExchangeLimits {
  timeoutMs: number;
  maxBytes: number;
  signal: AbortSignal;
}

/** Keeps connections open between requests; closing it lets the process end. */
export interface Agents {
  http: http.Agent;
  https: https.Agent;
}

/**
 * One request and its whole answer. Redirects are answers like any other: nothing is followed, so no credential
 * ever reaches an address that nobody typed.
 * @throws NetworkError
 */
export function exchange(
  request: HttpRequest,
  agents: Agents,
  limits: ExchangeLimits,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const isTls = request.url.protocol === 'https:';
    const call = (isTls ? https : http).request(request.url, {
      method: request.method,
      agent: isTls ? agents.https : agents.http,
      headers: withLength(request),
    });
    const stop = (code: string) => (): void => {
      call.destroy(new NetworkError(code));
    };
    const timer = setTimeout(stop('TIMEOUT'), limits.timeoutMs);
    const abort = stop('ABORTED');
    if (limits.signal.aborted) abort();
    limits.signal.addEventListener('abort', abort);
    const settle = (): void => {
      clearTimeout(timer);
      limits.signal.removeEventListener('abort', abort);
    };
    const fail = (cause: unknown): void => {
      settle();
      reject(cause instanceof NetworkError ? cause : new NetworkError(codeOf(cause), cause));
    };
    call.on('error', fail);
    call.on('response', (response) => {
      readBody(response, limits.maxBytes, stop('TOO_LARGE')).then((body) => {
        settle();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      }, fail);
    });
    call.end(request.body);
  });
}

async function readBody(
  response: http.IncomingMessage,
  maxBytes: number,
  tooLarge: () => void,
): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) tooLarge();
    else chunks.push(chunk);
  }
  if (!response.complete) throw new NetworkError('CUT_SHORT');
  return Buffer.concat(chunks).toString('utf8');
}

function withLength({ headers, body }: HttpRequest): Record<string, string> {
  return { ...headers, ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }) };
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'UNKNOWN';
}
