import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { signedByInfisical } from '../support/relay.js';
import { infisicalSecret, modified, noon, usesRelay, signed, textOf, type Delivery } from './relay-stage.js';

describe('the relay', () => {
  const stage = usesRelay();

  it('does not wait for a body that never ends', async () => {
    const body = new ReadableStream({
      pull: (controller) => {
        controller.enqueue(Buffer.from('x'));
        return new Promise((resolve) => setTimeout(resolve, 20));
      },
    });
    const headers = { 'x-infisical-signature': signedByInfisical(infisicalSecret, 'x', noon) };
    // Node wants to be told that the answer may come first; the types of fetch don't know it.
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' };

    const { status } = await stage.send(new Request('https://relay.example/', init));

    assert.deepEqual([status, stage.sent], [408, []]);
  });

  describe('refuses', () => {
    const body = textOf(modified);
    const right = signedByInfisical(infisicalSecret, body, noon);
    const later = textOf(modified, noon + 61_000);
    const old = textOf(modified, noon - 301_000);
    const cases: [name: string, status: number, delivery: Delivery][] = [
      ['no header', 401, { signature: undefined }],
      ['an empty header', 401, { signature: '' }],
      ['a header without a time', 401, { signature: right.replace(/^t=\d+;/, '') }],
      ['a header of another format', 401, { signature: right.replace(';', ',v1=') }],
      ['a signature that is cut short', 401, { signature: right.slice(0, -1) }],
      ['a signature that is no hex', 401, { signature: right.replace(/.$/, 'g') }],
      [
        'the signature of another secret',
        401,
        { signature: signedByInfisical('another-secret-16', body, noon) },
      ],
      ['a plain SHA-256 of the body', 401, { signature: `t=${noon};${'0'.repeat(64)}` }],
      ['a body that was changed', 401, { body: body.replace('"prod"', '"test"'), signature: right }],
      ['a body that was only printed again', 401, { body: `${body}\n`, signature: right }],
      ['an old delivery', 403, signed(old, noon - 301_000)],
      ['an old delivery under a new time', 403, { ...signed(old), body: old }],
      ['a delivery from the future', 403, signed(later, noon + 61_000)],
      ['a body without a time', 403, signed(JSON.stringify(modified))],
      ['a time that is text', 403, signed(JSON.stringify({ ...modified, timestamp: String(noon) }))],
      ['a signed body that is not JSON', 400, signed('secrets.modified')],
      ['a signed body that is no object', 400, signed('null')],
      ['an empty body', 400, signed('')],
      ['a huge body', 413, signed(textOf({ ...modified, padding: 'x'.repeat(70_000) }))],
      ['a body that says that it is huge', 413, { headers: { 'content-length': '70000' } }],
      ['GET', 405, { method: 'GET' }],
    ];
    for (const [name, status, delivery] of cases) {
      it(`${name}: ${String(status)}`, async () => {
        const answer = await stage.deliver(delivery);

        assert.deepEqual([answer.status, stage.sent], [status, []]);
        assert.match((JSON.parse(answer.body) as { message: string }).message, /\w/);
      });
    }

    it('bytes that are no UTF-8, although they are signed: 400', async () => {
      const bytes = Uint8Array.from([0x22, 0xff, 0x22]);
      const digest = createHmac('sha256', infisicalSecret).update(bytes).digest('hex');

      const { status } = await stage.deliver({ body: bytes, signature: `t=${noon};${digest}` });

      assert.equal(status, 400);
    });

    it('to read more than 64 kB of a body that does not say how long it is', async () => {
      let pulled = 0;
      const endless = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          pulled += 1;
          controller.enqueue(new Uint8Array(16_384));
        },
      });
      const init = {
        method: 'POST',
        body: endless,
        duplex: 'half',
        headers: { 'x-infisical-signature': right },
      };

      const { status } = await stage.send(new Request('https://relay.example/', init as RequestInit));

      assert.equal(status, 413);
      assert.ok(pulled <= 7, `${pulled} pieces were read`);
    });

    for (const [field, value] of [
      ['secretPath', '/$(System.AccessToken)'],
      ['secretPath', '/a"; curl evil #'],
      ['secretPath', '/a\n##vso[task.complete]'],
      ['environment', '${{ variables.x }}'],
      ['environment', { a: 1 }],
      ['projectId', undefined],
    ] as const) {
      it(`to pass on a ${field} that is no plain name: ${value === undefined ? 'none' : JSON.stringify(value)}`, async () => {
        const project = { ...modified.project, workspaceId: undefined, [field]: value };

        const { status } = await stage.deliver(signed(textOf({ ...modified, project })));

        assert.deepEqual([status, stage.sent], [422, []]);
      });
    }
  });

  describe('a replay', () => {
    it('is refused', async () => {
      await stage.deliver();

      const { status } = await stage.deliver();

      assert.deepEqual([status, stage.sent.length], [409, 1]);
    });

    it('is refused under another time, and in other case', async () => {
      await stage.deliver();
      const right = signedByInfisical(infisicalSecret, textOf(modified), noon);

      const statuses = [
        (await stage.deliver({ signature: right.replace(String(noon), String(noon + 1)) })).status,
        (await stage.deliver({ signature: right.toUpperCase().replace('T=', 't=') })).status,
      ];

      assert.deepEqual([statuses, stage.sent.length], [[403, 409], 1]);
    });

    it('is refused as too old when it is no longer remembered', async () => {
      await stage.deliver();
      stage.nowMs = noon + 300_001;

      const { status } = await stage.deliver();

      assert.equal(status, 403);
    });

    it('of what Azure DevOps did not take is passed on again', async () => {
      stage.answerOfAzure = () => Promise.resolve(new Response(null, { status: 503 }));
      await stage.deliver();
      stage.answerOfAzure = () => Promise.resolve(new Response(null, { status: 200 }));

      const { status } = await stage.deliver();

      assert.deepEqual([status, stage.sent.length], [200, 2]);
    });

    it('is not what a second change at once is', async () => {
      await stage.deliver();
      const second = textOf(modified, noon + 1);

      const { status } = await stage.deliver(signed(second, noon + 1));

      assert.deepEqual([status, stage.sent.length], [200, 2]);
    });
  });
});
