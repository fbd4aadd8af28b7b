import assert from 'node:assert/strict';
import {
  HttpClient,
  onceOnly,
  readAttempts,
  type HttpClientOptions,
  type Trace,
} from '#task/adapters/http/client.js';
import type { HttpRequest } from '#task/adapters/http/exchange.js';
import { directNetwork } from '#task/adapters/http/network.js';
import { FakeClock } from '../support/fake-clock.js';
import type { PlannedFault } from '../../emulators/loopback/http-faults.js';
import { LoopbackServer } from '../../emulators/loopback/loopback-server.js';

describe('HttpClient', () => {
  let server: LoopbackServer;
  let clock: FakeClock;
  let client: HttpClient;
  let traces: Trace[];
  let cancelled: AbortController;
  let writeCutOff: AbortController;

  const start = (options: Partial<HttpClientOptions> = {}): void => {
    client = new HttpClient({
      clock,
      network: directNetwork,
      cancelled: cancelled.signal,
      writeCutOff: writeCutOff.signal,
      trace: (line) => traces.push(line),
      ...options,
    });
  };
  beforeEach(async () => {
    server = await LoopbackServer.start(({ path }) => ({
      status: path === '/moved' ? 302 : 200,
      headers: {
        'Content-Type': 'application/json',
        ...(path === '/moved' ? { Location: 'http://127.0.0.1:1/' } : {}),
      },
      body: '{"ok":true}',
    }));
    clock = new FakeClock();
    traces = [];
    cancelled = new AbortController();
    writeCutOff = new AbortController();
    start();
  });
  afterEach(async () => {
    client.close();
    await server.close();
  });

  const request = (rest: Partial<HttpRequest> & { path?: string } = {}): HttpRequest => ({
    method: 'GET',
    url: new URL(rest.path ?? '/x?secret=query', server.origin),
    headers: {},
    ...rest,
  });
  const fault = (kind: PlannedFault['fault'], times = 1): void => {
    server.faults.add({ match: {}, fault: kind, times });
  };
  const later = (status: number, headers: Record<string, string> = {}, times = 1): void => {
    fault({ kind: 'status', status, headers }, times);
  };
  const failsWith = (code: string) => ({ name: 'NetworkError', code });

  it('gives the answer and traces method, path without query, status and attempt', async () => {
    const response = await client.send(request(), readAttempts);

    assert.deepEqual([response.status, response.body], [200, '{"ok":true}']);
    assert.deepEqual(
      traces.map(({ method, path, outcome, attempt }) => [method, path, outcome, attempt]),
      [['GET', '/x', '200', 1]],
    );
  });

  for (const status of [429, 502, 503, 504]) {
    it(`tries a read again after ${String(status)}, with full jitter that doubles`, async () => {
      later(status, {}, 3);

      assert.equal((await client.send(request(), readAttempts)).status, 200);
      assert.deepEqual(clock.waits, [250, 500, 1000]);
    });
  }

  for (const status of [400, 401, 403, 404, 409, 500]) {
    it(`never tries again after ${String(status)}`, async () => {
      later(status);

      assert.equal((await client.send(request(), readAttempts)).status, status);
      assert.equal(server.requests.length, 1);
    });
  }

  it('gives the last refusal after five attempts', async () => {
    later(503, {}, 9);

    assert.equal((await client.send(request(), readAttempts)).status, 503);
    assert.equal(server.requests.length, 5);
  });

  it('waits as long as Retry-After says', async () => {
    later(429, { 'Retry-After': '7' });

    await client.send(request(), readAttempts);

    assert.deepEqual(clock.waits, [7000]);
  });

  it('gives up at once when Retry-After asks for more than two minutes', async () => {
    later(429, { 'Retry-After': '121' });

    assert.equal((await client.send(request(), readAttempts)).status, 429);
    assert.deepEqual(clock.waits, []);
  });

  it('keeps quiet before the next call when a success asks for it', async () => {
    later(200, { 'Retry-After': '3' });

    await client.send(request(), readAttempts);
    await client.send(request(), readAttempts);

    assert.deepEqual(clock.waits, [3000]);
  });

  it('sends a write once only', async () => {
    fault({ kind: 'reset' });
    await assert.rejects(
      client.send(request({ method: 'PUT', body: '{}' }), onceOnly),
      failsWith('ECONNRESET'),
    );

    later(503);
    assert.equal((await client.send(request({ method: 'PUT', body: '{}' }), onceOnly)).status, 503);
  });

  for (const kind of ['reset', 'truncate'] as const) {
    it(`tries a read again when the answer is lost: ${kind}`, async () => {
      fault({ kind }, 4);

      assert.equal((await client.send(request(), readAttempts)).status, 200);
      assert.equal(clock.waits.length, 4);
    });
  }

  it('gives up after five lost answers', async () => {
    fault({ kind: 'truncate' }, 9);

    await assert.rejects(client.send(request(), readAttempts), { name: 'NetworkError' });
    assert.equal(server.requests.length, 5);
  });

  it('cuts off an answer that does not come', async () => {
    start({ timeoutMs: 30 });
    fault({ kind: 'hang' }, 9);

    await assert.rejects(client.send(request(), onceOnly), failsWith('TIMEOUT'));
  });

  it('cuts off an answer that does not end, and does not ask again', async () => {
    start({ maxBytes: 1_000_000 });
    fault({ kind: 'endless' }, 9);

    await assert.rejects(client.send(request(), readAttempts), failsWith('TOO_LARGE'));
    assert.equal(server.requests.length, 1);
  });

  it('follows no redirect', async () => {
    assert.equal((await client.send(request({ path: '/moved' }), readAttempts)).status, 302);
  });

  it('ends a read when the step is asked to stop, and a write only when its grace is over', async () => {
    fault({ kind: 'hang' }, 9);
    const read = client.send(request(), readAttempts);
    const write = client.send(request({ method: 'PUT', body: '{}' }), onceOnly);

    cancelled.abort();
    await assert.rejects(read, failsWith('ABORTED'));
    writeCutOff.abort();
    await assert.rejects(write, failsWith('ABORTED'));
  });

  it('does not try for longer than five minutes', async () => {
    later(503, { 'Retry-After': '110' }, 9);

    await client.send(request(), readAttempts);

    assert.deepEqual(clock.waits, [110_000, 110_000]);
  });
});
