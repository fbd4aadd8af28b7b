import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Faults, type Fault } from './http-faults.js';

export interface Received {
  method: string;
  /** As it stood in the request line. */
  target: string;
  /** Decoded only as far as URL does it: segments are still percent-encoded. */
  path: string;
  query: URLSearchParams;
  headers: http.IncomingHttpHeaders;
  body: string;
  /** The client's IP address. */
  address: string;
}

export interface Answer {
  status: number;
  headers?: Record<string, string | string[]>;
  body?: string;
  /** Who was recognised, for the request log. */
  identity?: string;
}

export interface Logged extends Received {
  /** What was answered; a fault that gave no status is named. */
  status: number | Fault['kind'];
  identity: string | undefined;
  /** Headers that a planned fault answered with. */
  planned?: Record<string, string>;
  /** When the service acted on it, by the clock of performance.now(). */
  atMs: number;
}

export type Handler = (received: Received) => Answer | Promise<Answer>;

/** An HTTP server on loopback that logs what it gets and misbehaves on request. It knows no service. */
export class LoopbackServer {
  readonly faults = new Faults();
  readonly requests: Logged[] = [];
  readonly #server: http.Server;
  readonly #handle: Handler;

  private constructor(handle: Handler) {
    this.#handle = handle;
    this.#server = http.createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  static async start(handle: Handler): Promise<LoopbackServer> {
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

  /** An emulator's own fault must not look like one of the service, nor like no answer. */
  async #handled(received: Received): Promise<Answer> {
    try {
      return await this.#handle(received);
    } catch (error) {
      console.error(`The emulator failed on ${received.method} ${received.path}:`, error);
      return { status: 500, headers: { 'Content-Type': 'text/plain' }, body: 'The emulator failed.' };
    }
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    const received = await receive(request);
    this.faults.runHooks(received.method, received.path);
    const planned = this.faults.take(received.method, received.path);
    const isTrue = planned === undefined || keepsAnswer(planned.fault);
    const answer: Answer = isTrue || planned.when === 'after' ? await this.#handled(received) : { status: 0 };
    const { identity } = answer;
    const atMs = performance.now();
    if (isTrue) {
      this.requests.push({ ...received, status: answer.status, identity, atMs });
      if (planned?.fault.kind === 'delay') await delay(planned.fault.ms);
      const added = planned?.fault.kind === 'headers' ? planned.fault.headers : {};
      response
        .writeHead(answer.status, { ...answer.headers, ...added })
        .end(received.method === 'HEAD' ? undefined : answer.body);
      return;
    }
    const status = 'status' in planned.fault ? planned.fault.status : planned.fault.kind;
    const { headers } = planned.fault.kind === 'status' ? planned.fault : {};
    this.requests.push({
      ...received,
      status,
      identity,
      atMs,
      ...(headers === undefined ? {} : { planned: headers }),
    });
    misbehave(planned.fault, response, answer);
  }
}

async function receive(request: http.IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const url = new URL(request.url ?? '/', 'http://loopback');
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    address: request.socket.remoteAddress ?? '',
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
    case 'headers':
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

/** Faults under which the service still gives its own answer. */
function keepsAnswer({ kind }: Fault): boolean {
  return kind === 'delay' || kind === 'headers';
}
