import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServerCertificate } from './certificates.js';

export interface FrontOptions {
  /** The origin that it stands before. */
  target: string;
  /** Where it listens; 127.0.0.1 unless said otherwise. */
  host?: '127.0.0.1' | '::1';
  tls?: ServerCertificate & {
    /** The authority of whoever may connect; without it nobody has to show a certificate. */
    clientCa?: string;
  };
  /** Where the target's root is: `/infisical` makes `/infisical/api` of `/api`. All else is a page. */
  subPath?: string;
  /** A gateway: who does not send this gets a page with 403, or is sent to sign in elsewhere. */
  requires?: { name: string; value: string; otherwise: 'page' | { signInAt: string } };
  /** Sends everybody to this origin. */
  redirectTo?: string;
}

export interface Seen {
  method: string;
  target: string;
  headers: http.IncomingHttpHeaders;
  address: string;
  /** What was answered; undefined where the target broke off. */
  status?: number;
}

/** What stands before a service in a company's network: TLS, a path, a gateway, a redirect. */
export class Front {
  /** All that came to it, also what it did not let pass. */
  readonly requests: Seen[] = [];
  /** Connections that never became a request: TLS that failed. */
  readonly refused: string[] = [];
  readonly #options: FrontOptions;
  readonly #server: http.Server | https.Server;

  private constructor(options: FrontOptions) {
    this.#options = options;
    const handle = (request: http.IncomingMessage, response: http.ServerResponse): void => {
      this.#serve(request, response);
    };
    this.#server =
      options.tls === undefined ? http.createServer(handle) : https.createServer(tlsOf(options.tls), handle);
    this.#server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
      this.refused.push(error.code ?? error.message);
    });
  }

  static async start(options: FrontOptions): Promise<Front> {
    const front = new Front(options);
    front.#server.listen(0, options.host ?? '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    const { tls, host = '127.0.0.1' } = this.#options;
    return `${tls === undefined ? 'http' : 'https'}://${host === '::1' ? '[::1]' : host}:${String(this.port)}`;
  }

  /** The address of the target's root. */
  get url(): string {
    return `${this.origin}${this.#options.subPath ?? ''}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { method = 'GET', url: target = '/', headers } = request;
    const seen: Seen = { method, target, headers, address: request.socket.remoteAddress ?? '' };
    this.requests.push(seen);
    response.on('error', () => undefined);
    response.on('finish', () => {
      seen.status = response.statusCode;
    });
    const { redirectTo, subPath = '', requires } = this.#options;
    if (redirectTo !== undefined) sendTo(response, `${redirectTo}${target}`);
    else if (requires !== undefined && headers[requires.name.toLowerCase()] !== requires.value)
      turnAway(response, requires.otherwise);
    else if (subPath !== '' && !target.startsWith(`${subPath}/`)) page(response, 404, 'Nothing here');
    else this.#pass(request, response, target.slice(subPath.length));
  }

  #pass(request: http.IncomingMessage, response: http.ServerResponse, path: string): void {
    const onward = http.request(`${this.#options.target}${path}`, {
      method: request.method ?? 'GET',
      headers: { ...request.headers, 'x-forwarded-for': request.socket.remoteAddress ?? '' },
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    onward.on('error', () => {
      response.destroy();
    });
    response.on('close', () => {
      onward.destroy();
    });
    request.pipe(onward);
  }
}

function tlsOf({ key, cert, clientCa }: NonNullable<FrontOptions['tls']>): https.ServerOptions {
  return clientCa === undefined
    ? { key, cert }
    : { key, cert, ca: clientCa, requestCert: true, rejectUnauthorized: true };
}

function turnAway(
  response: http.ServerResponse,
  otherwise: NonNullable<FrontOptions['requires']>['otherwise'],
): void {
  if (otherwise === 'page') page(response, 403, 'Access denied by the gateway');
  else sendTo(response, otherwise.signInAt);
}

function sendTo(response: http.ServerResponse, location: string): void {
  response.writeHead(302, { Location: location }).end();
}

function page(response: http.ServerResponse, status: number, title: string): void {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' });
  response.end(`<!DOCTYPE html><html><head><title>${title}</title></head><body></body></html>`);
}
