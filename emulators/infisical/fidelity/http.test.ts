import assert from 'node:assert/strict';
import { send, type Answered } from '../../replay/send.js';
import { clientId, clientSecret, get, listTarget, login, post, refusalOf, withServer } from './sample.js';

const loginTarget = '/api/v1/auth/universal-auth/login';
const requestIdOf = ({ body }: Answered): unknown => (body as { reqId?: unknown }).reqId;

describe('the envelope of errors', () => {
  it('carries a request ID of 14 letters and digits, another one each time', () =>
    withServer({}, async (server) => {
      const [one, other] = [await login(server, { secret: 'no' }), await login(server, { secret: 'no' })];

      assert.match(String(requestIdOf(one)), /^req-[A-Za-z0-9]{14}$/);
      assert.notEqual(requestIdOf(one), requestIdOf(other));
    }));

  it('had no request ID and no details in 2024', () =>
    withServer({ profile: 'legacy-2024', role: 'no-access' }, async (server) => {
      const { body } = await get(server, listTarget(3));

      assert.deepEqual(Object.keys(body as object), ['statusCode', 'error', 'message']);
    }));

  it('holds the issues of a validation as its message', () =>
    withServer({}, async (server) => {
      const answer = await post(server, loginTarget, { clientId: 1 });

      assert.deepEqual(refusalOf(answer), [
        422,
        'ValidationFailure',
        [
          {
            code: 'invalid_type',
            expected: 'string',
            received: 'number',
            path: ['clientId'],
            message: 'Expected string, received number',
          },
          {
            code: 'invalid_type',
            expected: 'string',
            received: 'undefined',
            path: ['clientSecret'],
            message: 'Required',
          },
        ],
      ]);
    }));

  it('says that the database is down, and but for 2025 which query failed', async () => {
    for (const [profile, error] of [
      ['v4-2026', 'Find one'],
      ['v4-2025', 'DatabaseError'],
      ['legacy-2024', 'Find one'],
    ] as const) {
      await withServer({ profile }, async (server) => {
        server.databaseIsDown = true;

        assert.deepEqual(refusalOf(await login(server)), [500, error, 'Something went wrong']);
      });
    }
  });
});

describe('a body that can’t be read', () => {
  const cases: [title: string, body: string, type: string, old: [number, string | undefined]][] = [
    ['broken JSON', '{', 'application/json', [400, undefined]],
    ['no JSON at all', '', 'application/json', [400, 'FST_ERR_CTP_EMPTY_JSON_BODY']],
    ['another type', '<a/>', 'application/xml', [415, 'FST_ERR_CTP_INVALID_MEDIA_TYPE']],
    [
      'more than a megabyte',
      `"${'x'.repeat(1_048_576)}"`,
      'application/json',
      [413, 'FST_ERR_CTP_BODY_TOO_LARGE'],
    ],
  ];
  for (const [title, body, type, [status, code]] of cases) {
    it(`is a fault of the server today, and was ${String(status)} in 2024: ${title}`, async () => {
      await withServer({}, async (server) => {
        const answer = await post(server, loginTarget, body, { 'content-type': type });

        assert.deepEqual(refusalOf(answer), [500, 'InternalServerError', 'Something went wrong']);
      });
      await withServer({ profile: 'legacy-2024' }, async (server) => {
        const answer = await post(server, loginTarget, body, { 'content-type': type });

        assert.deepEqual([answer.status, (answer.body as { code?: string }).code], [status, code]);
      });
    });
  }
});

describe('a body of a megabyte', () => {
  for (const [bytes, status] of [
    [1_048_576, 200],
    [1_048_577, 413],
  ] as const)
    it(`is read up to the last byte of it in 2024: ${String(bytes)} bytes → ${String(status)}`, () =>
      withServer({ profile: 'legacy-2024' }, async (server) => {
        const start = JSON.stringify({ clientId, clientSecret, filler: '' }).slice(0, -2);
        const body = `${start}${'x'.repeat(bytes - start.length - 2)}"}`;

        const answer = await post(server, loginTarget, body, { 'content-type': 'application/json' });

        assert.deepEqual([Buffer.byteLength(body), answer.status], [bytes, status]);
      }));
});

describe('a route that a server does not know', () => {
  const fastify = (method: string, target: string): unknown => ({
    message: `Route ${method}:${target} not found`,
    error: 'Not Found',
    statusCode: 404,
  });
  const v4 = '/api/v4/secrets?projectId=p';

  for (const profile of ['v4-none', 'legacy-2024'] as const) {
    it(`is Fastify’s own 404 without a request ID on ${profile}`, () =>
      withServer({ profile }, async (server) => {
        const { status, body } = await get(server, v4);

        assert.deepEqual([status, body], [404, fastify('GET', v4)]);
      }));
  }

  for (const method of ['GET', 'PUT', 'PATCH', 'POST', 'DELETE']) {
    it(`is a page of Next.js in the published image: ${method}`, () =>
      withServer({ profile: 'docker-2024' }, async (server) => {
        const { status, headers } = await send(server.url, { method, target: v4 });

        assert.deepEqual(
          [status, headers['content-type'], headers['x-powered-by']],
          [404, 'text/html; charset=utf-8', 'Next.js'],
        );
      }));
  }

  it('with another method is 404, never 405', () =>
    withServer({}, async (server) => {
      const answer = await send(server.url, { method: 'GET', target: loginTarget });

      assert.deepEqual([answer.status, answer.body], [404, fastify('GET', loginTarget)]);
    }));

  it('outside of /api is the web interface: 200 and HTML, so that a wrong address looks right', () =>
    withServer({ basePath: '/secrets' }, async (server) => {
      const origin = new URL(server.url).origin;

      const { status, headers } = await get({ url: origin }, listTarget(4));

      assert.deepEqual([status, headers['content-type']], [200, 'text/html; charset=utf-8']);
      assert.equal((await get({ url: origin }, `/secrets${listTarget(4)}`)).status, 200);
    }));
});

describe('an answer', () => {
  it('has a tag, and is 304 and empty for that tag in quotes only, which may be weak', () =>
    withServer({}, async (server) => {
      const target = listTarget(4);
      const { headers } = await get(server, target);
      const etag = String(headers.etag);
      const again = async (tag: string): Promise<[number, string]> => {
        const { status, text } = await get(server, target, { 'if-none-match': tag });
        return [status, text === '' ? 'empty' : 'whole'];
      };

      assert.match(etag, /^"[\w-]{43}"$/);
      assert.deepEqual(
        [await again(etag), await again(etag.slice(1, -1)), await again('*'), await again(`W/${etag}`)],
        [
          [304, 'empty'],
          [200, 'whole'],
          [200, 'whole'],
          [304, 'empty'],
        ],
      );
    }));

  it('to HEAD has the headers of GET and no body', () =>
    withServer({}, async (server) => {
      const target = listTarget(4);
      const authorization = 'Bearer sample-access-token';

      const head = await send(server.url, { method: 'HEAD', target, headers: { authorization } });

      assert.deepEqual(
        [head.status, head.text, head.headers.etag],
        [200, '', (await get(server, target)).headers.etag],
      );
    }));

  it('to a request line and headers of more than 16 kB is 431', () =>
    withServer({}, async (server) => {
      const { status, headers } = await get(server, listTarget(4, { tagSlugs: 'x'.repeat(20_000) }));

      assert.deepEqual([status, headers['strict-transport-security']], [431, undefined]);
    }));

  it('names the site to browsers, and the methods before they ask', () =>
    withServer({ siteUrl: 'https://infisical.example' }, async (server) => {
      const preflight = await send(server.url, { method: 'OPTIONS', target: loginTarget });

      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers['access-control-allow-methods'], 'GET,HEAD,PUT,PATCH,POST,DELETE');
      assert.equal(
        (await get(server, listTarget(4))).headers['access-control-allow-origin'],
        'https://infisical.example',
      );
    }));

  it('is in the request log with who asked', () =>
    withServer({}, async (server) => {
      await login(server);
      await get(server, listTarget(4));

      assert.deepEqual(
        server.requests.map(({ identity, status }) => [identity, status]),
        [
          ['sample', 200],
          ['sample', 200],
        ],
      );
    }));
});
