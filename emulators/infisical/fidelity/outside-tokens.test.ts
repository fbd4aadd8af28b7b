import assert from 'node:assert/strict';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import type { InfisicalEmulator } from '../emulator.js';
import type { AzureAuth, OidcAuth } from '../identities.js';
import { send, type Answered } from '../../replay/send.js';
import { anotherKey, Issuer, issuerName } from './recorded-stage.js';
import { get, listTarget, post, refusalOf, withServer, type StartOptions } from './sample.js';

const nobody = '00000000-0000-4000-8000-00000000dead';

const identityId = '0b7c1d2e-3f4a-4b5c-8d6e-7f8091a2b3c4';
const subject = 'sc://fake-org/fake-project/fake-connection';

async function withIssuer(
  given: { oidc?: Partial<OidcAuth>; options?: StartOptions },
  test: (server: InfisicalEmulator, issuer: Issuer) => Promise<void>,
): Promise<void> {
  const issuer = await Issuer.start(Date.now);
  try {
    await withServer({ ...given.options }, (server) => {
      server.addMachineIdentity({
        id: identityId,
        name: 'job',
        oidcAuth: { discoveryUrl: issuer.url, boundIssuer: issuerName, ...given.oidc },
        projects: { shop: 'viewer' },
      });
      return test(server, issuer);
    });
  } finally {
    await issuer.close();
  }
}

const oidcLogin = (server: InfisicalEmulator, jwt: string, id = identityId): Promise<Answered> =>
  post(server, '/api/v1/auth/oidc-auth/login', { identityId: id, jwt });

describe('OIDC Auth', () => {
  it('signs in with a token of the issuer, and the session reads', () =>
    withIssuer({}, async (server, issuer) => {
      const answer = await oidcLogin(server, await issuer.sign());

      const { accessToken } = answer.body as { accessToken: string };
      assert.equal(
        (await get(server, listTarget(4), { authorization: `Bearer ${accessToken}` })).status,
        200,
      );
    }));

  it('takes a form', () =>
    withIssuer({}, async (server, issuer) => {
      const answer = await send(server.url, {
        method: 'POST',
        target: '/api/v1/auth/oidc-auth/login',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ identityId, jwt: await issuer.sign() }).toString(),
      });

      assert.equal(answer.status, 200);
    }));

  it('takes a token without a key ID that one of the keys has signed', () =>
    withIssuer({}, async (server, issuer) => {
      assert.equal((await oidcLogin(server, await issuer.sign({}, { kid: undefined }))).status, 200);
    }));

  it('needs no issuer that can be asked when the keys are given', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'own' }] };
    await withIssuer({ oidc: { jwks, discoveryUrl: 'http://127.0.0.1:1' } }, async (server, issuer) => {
      const jwt = await issuer.sign({}, { key: privateKey, kid: 'own' });

      assert.equal((await oidcLogin(server, jwt)).status, 200);
    });
  });

  const policies: [title: string, oidc: Partial<OidcAuth>, claims: JWTPayload, isAllowed: boolean][] = [
    ['the very subject', { boundSubject: subject }, {}, true],
    ['a glob for the last part', { boundSubject: 'sc://fake-org/fake-project/*' }, {}, true],
    ['a glob that stops at a slash', { boundSubject: 'sc://fake-org/*' }, {}, false],
    ['a glob over slashes', { boundSubject: 'sc://fake-org/**' }, {}, true],
    ['another subject', { boundSubject: 'sc://fake-org/fake-project/other' }, {}, false],
    ['one of several audiences', { boundAudiences: 'api://other, api://AzureADTokenExchange' }, {}, true],
    [
      'audiences without the blank between',
      { boundAudiences: 'api://other,api://AzureADTokenExchange' },
      {},
      false,
    ],
    ['one audience of a list', { boundAudiences: 'b' }, { aud: ['a', 'b'] }, true],
    ['a claim with alternatives', { boundClaims: { rpid: '2222, 1111' } }, {}, true],
    ['another claim', { boundClaims: { rpid: '2222' } }, {}, false],
  ];
  for (const [title, oidc, claims, isAllowed] of policies) {
    it(`${isAllowed ? 'allows' : 'refuses'} ${title}`, () =>
      withIssuer({ oidc }, async (server, issuer) => {
        const { status } = await oidcLogin(server, await issuer.sign(claims));

        assert.equal(status === 200, isAllowed);
      }));
  }

  const refusals: [
    title: string,
    oidc: Partial<OidcAuth>,
    claims: JWTPayload,
    refusal: [number, string, string],
  ][] = [
    [
      'a subject',
      { boundSubject: 'other' },
      {},
      [403, 'ForbiddenError', 'Access denied: OIDC subject not allowed.'],
    ],
    [
      'an audience',
      { boundAudiences: 'other' },
      {},
      [401, 'UnauthorizedError', 'Access denied: OIDC audience not allowed.'],
    ],
    [
      'a claim',
      { boundClaims: { rpid: 'other' } },
      {},
      [401, 'UnauthorizedError', 'Access denied: OIDC claim not allowed.'],
    ],
    [
      'a missing claim',
      { boundClaims: { ref: 'main' } },
      {},
      [401, 'UnauthorizedError', 'Access denied: token has no ref field'],
    ],
    [
      'another issuer',
      {},
      { iss: 'https://other' },
      [401, 'UnauthorizedError', `Access denied: jwt issuer invalid. expected: ${issuerName}`],
    ],
    ['an expired token', {}, { exp: 1 }, [401, 'UnauthorizedError', 'Access denied: jwt expired']],
  ];
  for (const [title, oidc, claims, refusal] of refusals) {
    it(`says why it refuses ${title}; in 2024 it was a 500`, async () => {
      await withIssuer({ oidc }, async (server, issuer) => {
        assert.deepEqual(refusalOf(await oidcLogin(server, await issuer.sign(claims))), refusal);
      });
      await withIssuer({ oidc, options: { profile: 'legacy-2024' } }, async (server, issuer) => {
        assert.equal((await oidcLogin(server, await issuer.sign(claims))).status, 500);
      });
    });
  }

  it('names the key that it does not find', () =>
    withIssuer({}, async (server, issuer) => {
      const jwt = await issuer.sign({}, { kid: 'gone' });

      const [status, , message] = refusalOf(await oidcLogin(server, jwt));

      assert.equal(status, 401);
      assert.match(
        String(message),
        /^Access denied: Unable to verify JWT signature\. The signing key 'gone' was not found/,
      );
    }));

  it('refuses another key of the same name, garbage, and an identity without OIDC', () =>
    withIssuer({}, async (server, issuer) => {
      const forged = await issuer.sign({}, { key: (await anotherKey).privateKey });

      assert.deepEqual(
        [
          refusalOf(await oidcLogin(server, forged)),
          refusalOf(await oidcLogin(server, 'garbage')),
          refusalOf(await oidcLogin(server, forged, nobody)),
          refusalOf(await oidcLogin(server, forged, 'no UUID')),
        ],
        [
          [401, 'UnauthorizedError', 'Access denied: invalid signature'],
          [401, 'UnauthorizedError', 'Invalid JWT'],
          [404, 'NotFound', 'OIDC auth method not found for identity, did you configure OIDC auth?'],
          [500, 'Find one', 'Something went wrong'],
        ],
      );
    }));

  it('says so when the issuer does not answer', () =>
    withIssuer({ oidc: { discoveryUrl: 'http://127.0.0.1:1' } }, async (server, issuer) => {
      const [status, , message] = refusalOf(await oidcLogin(server, await issuer.sign()));

      assert.equal(status, 401);
      assert.match(
        String(message),
        /^Access denied: Failed to fetch OIDC discovery document from http:\/\/127\.0\.0\.1:1\. /,
      );
    }));

  it('of 2024 refused a list of audiences even when it held the right one', () =>
    withIssuer(
      { oidc: { boundAudiences: 'a' }, options: { profile: 'legacy-2024' } },
      async (server, issuer) => {
        assert.equal((await oidcLogin(server, await issuer.sign({ aud: ['a', 'b'] }))).status, 500);
      },
    ));
});

describe('Azure Auth', () => {
  const keys = generateKeyPair('RS256');

  async function azureLogin(auth: Partial<AzureAuth>, claims: JWTPayload, kid = 'k'): Promise<Answered> {
    const { publicKey, privateKey } = await keys;
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] };
    const usual = {
      iss: 'https://sts.windows.net/tenant/',
      aud: 'https://management.azure.com/',
      tid: 'tenant',
      oid: 'sp',
    };
    const jwt = await new SignJWT({ ...usual, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid })
      .setExpirationTime('1h')
      .sign(privateKey);
    let answer: Answered | undefined;
    await withServer({}, async (server) => {
      const azureAuth = { tenantId: 'tenant', resource: 'https://management.azure.com/', jwks, ...auth };
      server.addMachineIdentity({ id: identityId, name: 'azure', azureAuth, projects: {} });
      answer = await post(server, '/api/v1/auth/azure-auth/login', { identityId, jwt });
    });
    assert.ok(answer);
    return answer;
  }

  it('signs in with a v1 token for the resource, with or without the slash at its end', async () => {
    assert.equal((await azureLogin({}, {})).status, 200);
    assert.equal((await azureLogin({}, { aud: 'https://management.azure.com' })).status, 200);
  });

  it('refuses a v2 token, another resource, an unknown key and another principal', async () => {
    const refused = [
      await azureLogin({}, { iss: 'https://login.microsoftonline.com/tenant/v2.0' }),
      await azureLogin({}, { aud: 'https://vault.azure.net' }),
      await azureLogin({}, {}, 'unknown'),
      await azureLogin({ allowedServicePrincipalIds: 'one, two' }, {}),
    ];

    assert.deepEqual(refused.map(refusalOf), [
      [403, 'TokenError', 'jwt issuer invalid. expected: https://sts.windows.net/tenant/'],
      [403, 'TokenError', 'jwt audience invalid. expected: https://management.azure.com/'],
      [401, 'UnauthorizedError', 'Invalid signing key'],
      [401, 'UnauthorizedError', "Service principal 'sp' not allowed"],
    ]);
  });

  it('takes one of several principals', async () => {
    assert.equal((await azureLogin({ allowedServicePrincipalIds: 'one, sp' }, {})).status, 200);
  });

  it('says so of an identity without it', () =>
    withServer({}, async (server) => {
      const answer = await post(server, '/api/v1/auth/azure-auth/login', { identityId: nobody, jwt: 'x' });

      assert.deepEqual(refusalOf(answer), [
        404,
        'NotFound',
        'Azure auth method not found for identity, did you configure Azure Auth?',
      ]);
    }));
});
