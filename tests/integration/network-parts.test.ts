import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';
import { get } from '../support/asking-over.js';
import { certificates, type ClientCertificate } from '../../emulators/loopback/certificates.js';
import { Front, type FrontOptions } from '../../emulators/loopback/front.js';
import { LoopbackServer } from '../../emulators/loopback/loopback-server.js';
import { NamedHosts } from '../../emulators/loopback/named-hosts.js';
import { hasPart, needs } from '../../emulators/on-demand/parts.js';
import { proxyAddress, RealProxy, type ProxyCredentials } from '../../emulators/loopback/real-proxy.js';

/** A service that says who asks and what for. */
async function withService(run: (service: LoopbackServer) => Promise<void>): Promise<void> {
  const service = await LoopbackServer.start(({ address, path }) => ({
    status: 200,
    body: `${address} ${path}`,
  }));
  try {
    await run(service);
  } finally {
    await service.close();
  }
}

function withFront(
  options: Omit<FrontOptions, 'target'>,
  run: (front: Front, service: LoopbackServer) => Promise<void>,
): Promise<void> {
  return withService(async (service) => {
    const front = await Front.start({ target: service.origin, ...options });
    try {
      await run(front, service);
    } finally {
      await front.close();
    }
  });
}

async function withProxy(
  credentials: ProxyCredentials | undefined,
  run: (proxy: RealProxy) => Promise<void>,
): Promise<void> {
  const proxy = await RealProxy.start(credentials);
  try {
    await run(proxy);
  } finally {
    await proxy.close();
  }
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const shownBy = (client: ClientCertificate): SecureContextOptions => ({
  pfx: readFileSync(client.archive),
  passphrase: client.password,
});

describe('a part of the system that is missing', () => {
  it('is told, unless it has to be there', () => {
    const before = process.env['CI_PARTS'];
    const path = process.env['PATH'];
    try {
      process.env['PATH'] = '/nowhere';
      delete process.env['CI_PARTS'];
      assert.equal(hasPart('tinyproxy'), false);

      process.env['CI_PARTS'] = 'required';
      assert.throws(() => hasPart('tinyproxy'), /tinyproxy is not installed/);
      assert.throws(() => hasPart('az'), /azure-cli python3-azext-devops is not installed/);
    } finally {
      process.env['PATH'] = path;
      if (before === undefined) delete process.env['CI_PARTS'];
      else process.env['CI_PARTS'] = before;
    }
  });
});

describe('a real proxy', () => {
  before(needs('tinyproxy', 'openssl'));

  it('forwards plain HTTP, logs it, and is seen by the service', () =>
    withService((service) =>
      withProxy(undefined, async (proxy) => {
        const { body } = await get(`${service.origin}/a?b=c`, { proxy });

        assert.equal(body, `${proxyAddress} /a`);
        assert.deepEqual(proxy.requests, [`GET ${service.origin}/a?b=c`]);
      }),
    ));

  for (const host of ['127.0.0.1', '::1'] as const) {
    it(`opens tunnels to any port of ${host}, in which TLS is the service's own`, () =>
      withFront({ host, tls: certificates().server }, (front) =>
        withProxy(undefined, async (proxy) => {
          const { status } = await get(`${front.origin}/a`, { proxy, tls: { ca: certificates().ca } });

          assert.equal(status, 200);
          assert.deepEqual(proxy.requests, [`CONNECT ${new URL(front.origin).host}`]);
        }),
      ));
  }

  it('wants its credentials, in a tunnel and without', () =>
    withFront({ tls: certificates().server }, (front, service) =>
      withProxy({ username: 'agent', password: 'right' }, async ({ url }) => {
        const statuses: number[] = [];
        for (const target of [front.origin, service.origin]) {
          for (const authorization of [undefined, basic('agent:wrong'), basic('agent:right')]) {
            const proxy = authorization === undefined ? { url } : { url, authorization };
            statuses.push((await get(target, { proxy, tls: { ca: certificates().ca } })).status);
          }
        }

        assert.deepEqual(statuses, [407, 401, 200, 407, 401, 200]);
        assert.equal(service.requests.length, 2);
      }),
    ));

  it('is gone when it is closed', async () => {
    const proxy = await RealProxy.start();
    await proxy.close();

    await assert.rejects(get(proxy.url), { code: 'ECONNREFUSED' });
  });
});

describe('a TLS server with a private authority', () => {
  before(needs('openssl'));

  for (const host of ['127.0.0.1', '::1'] as const) {
    it(`is trusted by whoever knows the authority, and by nobody else: ${host}`, () =>
      withFront({ host, tls: certificates().server }, async (front) => {
        const { ca } = certificates();

        assert.equal((await get(front.origin, { tls: { ca } })).status, 200);
        await assert.rejects(get(front.origin), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
      }));
  }

  for (const [what, code] of [
    ['expired', 'CERT_HAS_EXPIRED'],
    ['otherName', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ] as const) {
    it(`is not trusted with a certificate that is ${what}`, () =>
      withFront({ tls: certificates()[what] }, async (front) => {
        await assert.rejects(get(front.origin, { tls: { ca: certificates().ca } }), { code });
      }));
  }

  it('lets in only who shows a certificate of its authority', () => {
    const { server, ca, client, strangersClient } = certificates();
    return withFront({ tls: { ...server, clientCa: ca } }, async (front, service) => {
      await assert.rejects(get(front.origin, { tls: { ca, maxVersion: 'TLSv1.2' } }));
      await assert.rejects(get(front.origin, { tls: { ca } }));
      await assert.rejects(get(front.origin, { tls: { ca, ...shownBy(strangersClient) } }));
      assert.equal(service.requests.length, 0);
      assert.ok(front.refused.includes('ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE'));

      const byArchive = await get(front.origin, { tls: { ca, ...shownBy(client) } });
      const byFiles = await get(front.origin, {
        tls: {
          ca,
          cert: readFileSync(client.certificate),
          key: readFileSync(client.key),
          passphrase: client.password,
        },
      });

      assert.deepEqual([byArchive.status, byFiles.status], [200, 200]);
    });
  });

  it('has a client key and an archive that open with the password only', () => {
    const { server, ca, client } = certificates();
    return withFront({ tls: { ...server, clientCa: ca } }, async (front) => {
      await assert.rejects(get(front.origin, { tls: { ca, ...shownBy(client), passphrase: 'wrong' } }));
      await assert.rejects(
        get(front.origin, {
          tls: { ca, cert: readFileSync(client.certificate), key: readFileSync(client.key) },
        }),
      );
    });
  });
});

describe('what stands before a service', () => {
  it('puts it under a path, beside which there are only pages', () =>
    withFront({ subPath: '/infisical' }, async (front, service) => {
      const inside = await get(`${front.url}/api/status`);
      const beside = await get(`${front.origin}/api/status`);

      assert.equal(inside.body, '127.0.0.1 /api/status');
      assert.deepEqual([beside.status, beside.headers['content-type']], [404, 'text/html; charset=utf-8']);
      assert.equal(service.requests.length, 1);
    }));

  it('asks for a header: without it, or with another value, there is a page', () =>
    withFront(
      { requires: { name: 'X-Gateway-Key', value: 'open', otherwise: 'page' } },
      async (front, service) => {
        const statuses: number[] = [];
        for (const headers of [{}, { 'x-gateway-key': 'shut' }, { 'x-gateway-key': 'open' }])
          statuses.push((await get(front.origin, { headers })).status);

        assert.deepEqual(statuses, [403, 403, 200]);
        assert.equal(service.requests.length, 1);
      },
    ));

  it('or sends whoever has no header to sign in elsewhere', () =>
    withFront(
      { requires: { name: 'X-Gateway-Key', value: 'open', otherwise: { signInAt: 'https://id.example/' } } },
      async (front) => {
        const { status, headers } = await get(front.origin);

        assert.deepEqual([status, headers.location], [302, 'https://id.example/']);
      },
    ));

  it('sends everybody to another host, and lets nothing through', () =>
    withFront({ redirectTo: 'http://127.0.0.1:9' }, async (front, service) => {
      const { status, headers } = await get(`${front.origin}/api?x=y`, { headers: { Authorization: 'a' } });

      assert.deepEqual([status, headers.location], [302, 'http://127.0.0.1:9/api?x=y']);
      assert.equal(front.requests[0]?.headers.authorization, 'a');
      assert.equal(service.requests.length, 0);
    }));

  it('tells the service whose request it is', () =>
    withFront({}, async (front, service) => {
      await get(front.origin);

      assert.equal(service.requests[0]?.headers['x-forwarded-for'], '127.0.0.1');
    }));
});

describe('names that mean what a test says', () => {
  before(needs('openssl'));

  it('lead to a server on loopback, with TLS and without, and no others do', async () => {
    const tls = certificates().serverFor('app.infisical.com');
    await withFront({ tls }, async (front, service) => {
      const hosts = await NamedHosts.start({
        'https://app.infisical.com': front.origin,
        'http://infisical.example': service.origin,
      });
      try {
        const ca = { ca: certificates().ca };
        const secure = await get('https://app.infisical.com/a', { proxy: hosts, tls: ca });
        const plain = await get('http://infisical.example/b', { proxy: hosts });
        const unknown = [
          await get('https://eu.infisical.com/', { proxy: hosts, tls: ca }),
          await get('http://nowhere.example/', { proxy: hosts }),
        ];

        assert.deepEqual([secure.body, plain.body], ['127.0.0.1 /a', '127.0.0.1 /b']);
        assert.deepEqual(
          unknown.map(({ status }) => status),
          [502, 502],
        );
        assert.deepEqual(hosts.requests, [
          'app.infisical.com:443',
          'infisical.example:80',
          'eu.infisical.com:443',
          'nowhere.example:80',
        ]);
      } finally {
        await hosts.close();
      }
    });
  });
});
