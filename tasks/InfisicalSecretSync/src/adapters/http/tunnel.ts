import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import * as tls from 'node:tls';
import { NetworkError } from './network-error.js';
import type { Proxy } from './network.js';

type Created = (error: Error | null, socket?: Duplex) => void;

/** Connections to https:// addresses through an HTTP proxy: CONNECT, then TLS with the address itself. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: Proxy;
  readonly #asking = new Set<http.ClientRequest>();

  constructor(proxy: Proxy, options: https.AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(options: https.RequestOptions, created: Created): undefined {
    const host = options.host ?? 'localhost';
    const target = `${host.includes(':') ? `[${host}]` : host}:${String(options.port ?? 443)}`;
    const ask = connectRequest(this.#proxy, target, options);
    this.#asking.add(ask);
    const settle = (error: Error | null, socket?: Duplex): void => {
      this.#asking.delete(ask);
      created(error, socket);
    };
    ask.on('connect', (response: http.IncomingMessage, socket: Socket) => {
      if (response.statusCode === 200) {
        try {
          settle(null, tls.connect({ ...(options as tls.ConnectionOptions), socket }));
        } catch (cause) {
          socket.destroy();
          settle(cause as Error);
        }
        return;
      }
      socket.destroy();
      settle(refusedBy(this.#proxy, response.statusCode ?? 0));
    });
    ask.on('response', (response) => {
      response.destroy();
      settle(refusedBy(this.#proxy, response.statusCode ?? 0));
    });
    ask.on('error', (cause) => {
      settle(new NetworkError('PROXY_UNREACHABLE', { cause, proxyHost: this.#proxy.url.host }));
    });
    ask.end();
  }

  /** What still waits for the proxy would keep the process alive. */
  override destroy(): void {
    for (const ask of this.#asking) ask.destroy();
    super.destroy();
  }
}

function connectRequest(
  { url, authorization }: Proxy,
  target: string,
  { ca, cert, key, passphrase, rejectUnauthorized }: https.RequestOptions,
): http.ClientRequest {
  return (url.protocol === 'https:' ? https : http).request({
    ca,
    cert,
    key,
    passphrase,
    rejectUnauthorized,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
    method: 'CONNECT',
    path: target,
    agent: false,
    headers: {
      Host: target,
      ...(authorization === undefined ? {} : { 'Proxy-Authorization': authorization.reveal() }),
    },
  });
}

/** What a proxy's refusal means; a status of its own trouble may pass. */
export function refusedBy({ url, authorization }: Proxy, status: number): NetworkError {
  // Some say 401 of wrong credentials, as a service would (tinyproxy does).
  if (status === 407 || status === 401) {
    const code = authorization === undefined ? 'PROXY_NEEDS_CREDENTIALS' : 'PROXY_REFUSED_CREDENTIALS';
    return new NetworkError(code, { proxyHost: url.host });
  }
  const code = status >= 500 || status === 429 ? 'PROXY_CANNOT_REACH' : 'PROXY_REFUSED';
  return new NetworkError(code, { proxyHost: url.host });
}
