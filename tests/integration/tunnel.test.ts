import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { HttpClient, onceOnly } from '#task/adapters/http/client.js';
import type { HttpResponse } from '#task/adapters/http/exchange.js';
import type { Proxy } from '#task/adapters/http/network.js';
import { certificates } from '../../emulators/loopback/certificates.js';
import { FakeClock } from '../support/fake-clock.js';
import { Front } from '../../emulators/loopback/front.js';
import { LoopbackServer } from '../../emulators/loopback/loopback-server.js';
import { NamedHosts } from '../../emulators/loopback/named-hosts.js';
import { needs } from '../../emulators/on-demand/parts.js';

describe('a tunnel', () => {
  let service: LoopbackServer;
  let front: Front;
  let hosts: NamedHosts;
  let cancelled: AbortController;
  let client: HttpClient;

  const through = (url: string, timeoutMs = 10_000): void => {
    const proxy: Proxy = { url: new URL(url), authorization: undefined };
    client = new HttpClient({
      clock: new FakeClock(),
      network: { proxyFor: () => proxy, tls: { rejectUnauthorized: true, ca: [certificates().ca] } },
      cancelled: cancelled.signal,
      writeCutOff: cancelled.signal,
      trace: () => undefined,
      timeoutMs,
    });
  };
  const get = (url: string): Promise<HttpResponse> =>
    client.send({ method: 'GET', url: new URL(url), headers: {} }, onceOnly);

  before(needs('openssl'));
  beforeEach(async () => {
    cancelled = new AbortController();
    service = await LoopbackServer.start(() => ({ status: 200, body: 'answer' }));
    front = await Front.start({
      target: service.origin,
      tls: certificates().serverFor('service.example', 'other.example'),
    });
    hosts = await NamedHosts.start({
      'https://service.example': front.origin,
      'https://other.example': front.origin,
    });
  });
  afterEach(async () => {
    client.close();
    await Promise.all([hosts.close(), front.close(), service.close()]);
  });

  it('is opened once for each host, however many requests go through it', async () => {
    through(hosts.url);

    await get('https://service.example/1');
    await get('https://service.example/2');
    await get('https://other.example/3');

    assert.deepEqual(hosts.requests, ['service.example:443', 'other.example:443']);
    assert.deepEqual(
      service.requests.map(({ path }) => path),
      ['/1', '/2', '/3'],
    );
  });

  it('to a name that the proxy can’t reach says so', async () => {
    through(hosts.url);

    await assert.rejects(get('https://nowhere.example/'), { code: 'PROXY_CANNOT_REACH' });
  });

  describe('that the proxy never opens', () => {
    let silent: Server;
    let sockets: Socket[];

    beforeEach(async () => {
      sockets = [];
      silent = createServer((socket) => sockets.push(socket.resume()));
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const url = (): string => `http://127.0.0.1:${String((silent.address() as AddressInfo).port)}`;

    it('ends with the time limit', async () => {
      through(url(), 50);

      await assert.rejects(get('https://service.example/'), {
        code: 'TIMEOUT',
        proxyHost: new URL(url()).host,
      });
    });

    it('ends when the step is asked to stop', async () => {
      through(url());
      silent.once('connection', () => {
        cancelled.abort();
      });

      await assert.rejects(get('https://service.example/'), { code: 'ABORTED' });
    });

    it('leaves nothing open that keeps the process alive', async () => {
      through(url(), 50);
      await get('https://service.example/').catch(() => undefined);
      const ended = new Promise((resolve) => sockets[0]?.once('close', resolve));

      client.close();

      await ended;
    });
  });
});
