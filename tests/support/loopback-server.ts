import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Faults, type Fault } from './http-faults.js';

export interface Received {
  method: string;
  /** Decoded only as far as URL does it: segments are still percent-encoded. */
  path: string;
  query: URLSearchParams;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** Who was recognised, for the request log. */
  identity?: string;
}

export interface Logged extends Received {
  /** What was answered; a fault that gave no status is named. */
  status: number | Fault['kind'];
  identity: string | undefined;
}

/** An HTTP server on loopback that logs what it gets and misbehaves on request. It knows no service. */
export class LoopbackServer {
  readonly faults = new Faults();
  readonly requests: Logged[] = [];
  readonly #server: http.Server;
  readonly #handle: (received: Received) => Answer;

  private constructor(handle: (received: Received) => Answer) {
    this.#handle = handle;
    this.#server = http.createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  static async start(handle: (received: Received) => Answer): Promise<LoopbackServer> {
    const server = new LoopbackServer(handle);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    const received = await receive(request);
    this.faults.runHooks(received.method, received.path);
    const planned = this.faults.take(received.method, received.path);
    const isBefore = planned?.when === 'before' && planned.fault.kind !== 'delay';
    const answer: Answer = isBefore ? { status: 0 } : this.#handle(received);
    const { identity } = answer;
    if (planned?.fault.kind === 'delay')
      await new Promise((done) => setTimeout(done, delayOf(planned.fault)));
    if (planned === undefined || planned.fault.kind === 'delay') {
      this.requests.push({ ...received, status: answer.status, identity });
      response
        .writeHead(answer.status, answer.headers)
        .end(received.method === 'HEAD' ? undefined : answer.body);
      return;
    }
    const status = 'status' in planned.fault ? planned.fault.status : planned.fault.kind;
    this.requests.push({ ...received, status, identity });
    misbehave(planned.fault, response, answer);
  }
}

async function receive(request: http.IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const url = new URL(request.url ?? '/', 'http://loopback');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function misbehave(fault: Fault, response: http.ServerResponse, answer: Answer): void {
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, {
        'Content-Type': 'application/json; charset=utf-8',
        ...fault.headers,
      });
      response.end(typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {}));
      return;
    case 'html':
      response.writeHead(fault.status, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(
        '<!DOCTYPE html><html><head><title>Service</title></head><body>Something else.</body></html>',
      );
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'truncate': {
      const body = answer.body ?? '{"value":[';
      response.writeHead(200, {
        ...answer.headers,
        'Content-Type': 'application/json',
        'Content-Length': String(body.length + 100),
      });
      response.write(body.slice(0, Math.ceil(body.length / 2)), () => response.socket?.destroy());
      return;
    }
    case 'endless':
      response.writeHead(200, { 'Content-Type': 'application/json' });
      pourEndlessly(response);
      return;
    case 'hang':
    case 'delay':
      return;
  }
}

function pourEndlessly(response: http.ServerResponse): void {
  const chunk = `[${' '.repeat(65_536)}`;
  const pour = (): void => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', pour);
  };
  pour();
}

function delayOf(fault: Fault): number {
  return fault.kind === 'delay' ? fault.ms : 0;
}
