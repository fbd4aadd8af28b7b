import * as http from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Sent {
  method: string;
  target: string;
  headers?: Record<string, string>;
  /** An object goes out as JSON, a string as it is. */
  body?: unknown;
}

export interface Answered {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** Parsed JSON, else the text. */
  body: unknown;
  text: string;
}

/** One request, its path untouched: fetch and URL would tidy up what the recordings have on purpose. */
export async function send(origin: string, { method, target, headers = {}, body }: Sent): Promise<Answered> {
  const { hostname, port } = new URL(origin);
  const payload = body === undefined || body === null ? undefined : asText(body);
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const request = http.request(
      {
        method,
        hostname,
        port,
        path: target,
        agent: false,
        headers: {
          ...headers,
          ...(payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) }),
        },
      },
      resolve,
    );
    request.on('error', reject);
    request.end(payload);
  });
  // Unlike text(), a buffer keeps a byte order mark.
  const received = (await buffer(response)).toString('utf8');
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: parsed(received),
    text: received,
  };
}

function asText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function parsed(received: string): unknown {
  try {
    return JSON.parse(received.replace(/^\uFEFF/, ''));
  } catch {
    return received;
  }
}
