import { once } from 'node:events';
import * as http from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/**
 * A network in which names mean what a test says: a proxy that leads `https://app.infisical.com` to a server on
 * loopback. Names that it does not know do not resolve. Proxies proper are tested with a real one.
 */
export class NamedHosts {
  /** `host:port`, as it was asked for. */
  readonly requests: string[] = [];
  readonly #ports: ReadonlyMap<string, number>;
  readonly #server: http.Server;
  readonly #sockets = new Set<Socket>();

  private constructor(origins: Readonly<Record<string, string>>) {
    this.#ports = new Map(
      Object.entries(origins).map(([name, origin]) => [hostAndPort(name), Number(new URL(origin).port)]),
    );
    this.#server = http.createServer((request, response) => {
      this.#forward(request, response);
    });
    this.#server.on('connect', (request, socket: Socket, head: Buffer) => {
      this.#tunnel(request.url ?? '', socket, head);
    });
  }

  /** @param origins by the origin that clients use, where it is: `{ 'https://eu.infisical.com': front.origin }` */
  static async start(origins: Readonly<Record<string, string>>): Promise<NamedHosts> {
    const hosts = new NamedHosts(origins);
    hosts.#server.listen(0, '127.0.0.1');
    await once(hosts.#server, 'listening');
    return hosts;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #tunnel(name: string, socket: Socket, head: Buffer): void {
    this.requests.push(name);
    this.#keep(socket);
    const port = this.#ports.get(name);
    if (port === undefined) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const onward = this.#keep(connect(port, '127.0.0.1'));
    onward.on('connect', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
  }

  #forward(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const name = hostAndPort(url.origin);
    this.requests.push(name);
    const port = this.#ports.get(name);
    if (port === undefined) {
      response.writeHead(502, { 'Content-Type': 'text/html' }).end('<html><body>No such host</body></html>');
      return;
    }
    const { method = 'GET', headers } = request;
    const onward = http.request({ port, method, headers, path: `${url.pathname}${url.search}` });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.on('error', () => {
      response.destroy();
    });
    request.pipe(onward);
  }

  /** Ends with its other end, and with this proxy. */
  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
  }
}

function hostAndPort(origin: string): string {
  const { hostname, port, protocol } = new URL(origin);
  return `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`;
}
