import assert from 'node:assert/strict';
import { HttpClient, readAttempts } from '#task/adapters/http/client.js';
import type { HttpResponse } from '#task/adapters/http/exchange.js';
import { jsonOf } from '#task/adapters/http/json.js';
import { clientOptions } from '../support/builders.js';
import { FakeClock } from '../support/fake-clock.js';
import { HostileServices, type HostileAnswer } from '../support/hostile-services.js';

describe('the body of an answer', () => {
  let services: HostileServices;
  let client: HttpClient;
  beforeEach(async () => {
    services = await HostileServices.start();
    client = new HttpClient(clientOptions(new FakeClock()));
  });
  afterEach(async () => {
    client.close();
    await services.close();
  });

  const answered = (answer: Omit<HostileAnswer, 'path'>): Promise<HttpResponse> => {
    services.answers = [{ path: /./, ...answer }];
    return client.send({ method: 'GET', url: new URL(services.url), headers: {} }, readAttempts);
  };
  const html = { 'Content-Type': 'text/html; charset=iso-8859-1' };
  const latin1 = Buffer.from('{"value":"caf\xe9"}', 'latin1');

  it('is text to the letter, beyond a character that comes in two pieces, too', async () => {
    const text = `"${'é🚀'.repeat(50_000)}"`;

    assert.equal((await answered({ body: text })).body, text);
  });

  for (const [title, bytes] of [
    ['a byte of another encoding', latin1],
    ['half of a character', Buffer.from('"🚀', 'utf8').subarray(0, 3)],
    ['a longer way to write a character', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['a half of a pair', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ] as const) {
    it(`is not repaired where it is JSON, and not asked for again: ${title}`, async () => {
      await assert.rejects(answered({ body: bytes }), { name: 'NetworkError', code: 'NOT_UTF8' });
      assert.equal(services.asked.length, 1);
    });
  }

  it('may be anything on a page, which becomes no data', async () => {
    const response = await answered({ body: latin1, status: 502, headers: html });

    assert.deepEqual([response.status, jsonOf(response)], [502, undefined]);
  });

  it('may begin with a byte order mark', async () => {
    assert.deepEqual(jsonOf(await answered({ body: '\uFEFF{"a":1}' }))?.value, { a: 1 });
  });

  it('is not parsed where it is nested too deep', async () => {
    await assert.rejects(answered({ body: '['.repeat(100_000) }), { code: 'TOO_DEEP' });
  });
});
