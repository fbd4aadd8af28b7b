import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

export interface Over {
  headers?: Record<string, string>;
  tls?: ConnectionOptions;
  proxy?: { url: string; authorization?: string };
}

export interface Told {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** One GET by the means of Node alone, to see what a network is like without the task's own client. */
export async function get(url: string, { headers = {}, tls = {}, proxy }: Over = {}): Promise<Told> {
  const isTls = url.startsWith('https:');
  if (proxy === undefined)
    return answered((isTls ? https : http).get(url, { headers, agent: false, ...tls }));
  const authorization =
    proxy.authorization === undefined ? {} : { 'Proxy-Authorization': proxy.authorization };
  if (isTls) return throughTunnel(new URL(url), { headers, tls }, { url: proxy.url, authorization });
  const { host } = new URL(url);
  const { hostname, port } = new URL(proxy.url);
  const asked = { hostname, port, path: url, headers: { Host: host, ...headers, ...authorization } };
  return answered(http.get({ ...asked, agent: false }));
}

async function throughTunnel(
  url: URL,
  { headers, tls }: { headers: Record<string, string>; tls: ConnectionOptions },
  proxy: { url: string; authorization: Record<string, string> },
): Promise<Told> {
  const { hostname, port } = new URL(proxy.url);
  const path = `${url.hostname}:${url.port === '' ? '443' : url.port}`;
  const asked = http.request({ hostname, port, method: 'CONNECT', path, headers: proxy.authorization });
  const socket = await new Promise<Duplex | Told>((resolve, reject) => {
    asked.on('connect', (response, tunnel) => {
      if (response.statusCode === 200) resolve(tunnel);
      else resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
    });
    asked.on('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
    });
    asked.on('error', reject).end();
  });
  if ('status' in socket) return socket;
  const servername = /^[\d.]+$|^\[/.test(url.hostname) ? {} : { servername: url.hostname };
  const secure = connectTls({ socket, host: url.hostname.replace(/^\[|\]$/g, ''), ...servername, ...tls });
  return answered(https.get(url, { headers, createConnection: () => secure }));
}

function answered(request: http.ClientRequest): Promise<Told> {
  return new Promise((resolve, reject) => {
    request.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
  });
}
