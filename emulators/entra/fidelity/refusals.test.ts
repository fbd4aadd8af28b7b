import assert from 'node:assert/strict';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { LoopbackServer } from '../../loopback/loopback-server.js';
import { send } from '../../replay/send.js';
import { audience, formOf, nowMs, otherTenant, refusalOf, setting, textOf, type Setting } from './setting.js';

describe('a refusal of Entra', () => {
  type Change = (setting: Setting) => void;
  const trusted = ({ application }: Setting) =>
    application.federatedCredentials[0] as { issuer: string; subject: string; audience: string };
  const changes: [
    title: string,
    change: Change,
    code: number,
    error: string,
    status: number,
    text: RegExp,
  ][] = [
    [
      'another issuer',
      (given) => (trusted(given).issuer += '/'),
      700211,
      'invalid_client',
      401,
      /^AADSTS700211: No matching federated identity record found for presented assertion issuer 'http:\S+'\. /,
    ],
    [
      'another subject',
      (given) => (trusted(given).subject = 'sc://example-org/Shop/another'),
      700213,
      'invalid_client',
      401,
      /assertion subject 'sc:\/\/example-org\/Shop\/other organization'\. /,
    ],
    [
      'a subject of other case',
      (given) => (trusted(given).subject = trusted(given).subject.toUpperCase()),
      7002138,
      'invalid_client',
      401,
      /matches with case-insensitive comparison/,
    ],
    [
      'another audience',
      (given) => (trusted(given).audience = 'api://AzureADTokenExchangeChina'),
      700212,
      'invalid_client',
      401,
      /assertion audience 'api:\/\/AzureADTokenExchange'\. /,
    ],
    [
      'no credential at all',
      ({ application }) => (application.federatedCredentials.length = 0),
      700211,
      'invalid_client',
      401,
      /presented assertion issuer/,
    ],
    [
      'no service principal',
      ({ application }) => (application.hasServicePrincipal = false),
      7000229,
      'invalid_client',
      401,
      /is missing service principal in the tenant/,
    ],
    [
      'an application of several tenants',
      ({ application }) => (application.isMultiTenant = true),
      70052,
      'invalid_request',
      400,
      /must be a managed identity, a single tenant app, or a service account\.$/,
    ],
    [
      'Conditional Access',
      ({ application }) => (application.isBlockedByPolicy = true),
      53003,
      'invalid_grant',
      400,
      /blocked by Conditional Access policies/,
    ],
  ];
  for (const [title, change, code, error, status, text] of changes) {
    it(`says what is wrong with what was set up: ${title}`, () =>
      setting(async (given) => {
        change(given);

        const answer = await given.exchange();

        assert.deepEqual(refusalOf(answer), [code, error, status]);
        assert.match(textOf(answer), text);
        assert.deepEqual(given.entra.tokens, []);
      }));
  }

  const forms: [title: string, form: Record<string, string>, code: number, error: string, status: number][] =
    [
      ['an application that is not there', { client_id: otherTenant }, 700016, 'unauthorized_client', 400],
      ['no application', { client_id: '' }, 900144, 'invalid_request', 400],
      ['no scope', { scope: '' }, 900144, 'invalid_request', 400],
      ['another scope', { scope: 'https://graph.microsoft.com/.default' }, 70011, 'invalid_scope', 400],
      ['another grant', { grant_type: 'password' }, 70003, 'unsupported_grant_type', 400],
      ['no assertion', { client_assertion: '' }, 7000218, 'invalid_client', 401],
      ['another kind of assertion', { client_assertion_type: 'jwt' }, 7000218, 'invalid_client', 401],
      ['what is no token', { client_assertion: 'no-token' }, 50027, 'invalid_request', 400],
    ];
  for (const [title, form, code, error, status] of forms) {
    it(`says what is wrong with the request: ${title}`, () =>
      setting(async ({ exchange }) => {
        assert.deepEqual(refusalOf(await exchange(form)), [code, error, status]);
      }));
  }

  for (const [tenant, code] of [
    [otherTenant, 90002],
    ['no-tenant', 900023],
  ] as const) {
    it(`names a tenant that is not there: ${tenant}`, () =>
      setting(async ({ exchange }) => {
        const answer = await exchange({}, tenant);

        assert.deepEqual(refusalOf(answer), [code, 'invalid_request', 400]);
        assert.ok(textOf(answer).includes(`'${tenant}'`));
      }));
  }

  it('knows an application in its own tenant only', () =>
    setting(async ({ entra, exchange }) => {
      entra.addTenant(otherTenant);

      assert.deepEqual(refusalOf(await exchange({}, otherTenant)), [700016, 'unauthorized_client', 400]);
    }));

  for (const [title, entraNowMs] of [
    ['too late', nowMs + 600_000],
    ['too early', nowMs - 601_000],
  ] as const) {
    it(`says when an assertion comes ${title}`, () =>
      setting(
        async ({ exchange }) => {
          const answer = await exchange();

          assert.deepEqual(refusalOf(answer), [700024, 'invalid_client', 401]);
          const times =
            /^AADSTS700024: Client assertion is not within its valid time range\. Current time: (\S+), assertion valid from (\S+), expiry time of assertion (\S+)\. /.exec(
              textOf(answer),
            ) ?? [];
          const [current = NaN, from = NaN, until = NaN] = times
            .slice(1)
            .map((time) => Date.parse(time.replace(/0000Z$/, 'Z')));
          assert.equal(current, entraNowMs);
          assert.ok(from < until);
          assert.equal(title === 'too late' ? current >= until : current < from, true);
        },
        { entraNowMs },
      ));
  }

  it('does not take a token that the issuer has not signed', () =>
    setting(async ({ assertion, exchange }) => {
      const { privateKey, publicKey } = await generateKeyPair('RS256');
      const { kid } = await exportJWK(publicKey);
      const forged = await new SignJWT(decodeJwt(assertion))
        .setProtectedHeader({ alg: 'RS256', ...(kid === undefined ? {} : { kid }) })
        .sign(privateKey);

      assert.deepEqual(refusalOf(await exchange({ client_assertion: forged })), [
        50013,
        'invalid_client',
        401,
      ]);
    }));

  it('says when the issuer does not tell its keys', async () => {
    const gone = await LoopbackServer.start(() => ({ status: 404 }));
    const { origin } = gone;
    await gone.close();
    await setting(async ({ application, exchange }) => {
      application.federatedCredentials.push({ issuer: origin, subject: 'somebody', audience });
      const { privateKey } = await generateKeyPair('RS256');
      const seconds = nowMs / 1000;
      const token = await new SignJWT({ iss: origin, sub: 'somebody', aud: audience, exp: seconds + 60 })
        .setProtectedHeader({ alg: 'RS256' })
        .sign(privateKey);

      const answer = await exchange({ client_assertion: token });

      assert.deepEqual(refusalOf(answer), [90061, 'invalid_request', 400]);
    });
  });

  it('has time, trace and correlation in fields and text, and an address unless it is invalid_client', () =>
    setting(async ({ exchange }) => {
      const [client, other] = [
        await exchange({ client_assertion: '' }),
        await exchange({ client_id: otherTenant }),
      ].map(({ body }) => body as Record<string, string>);

      for (const body of [client, other]) {
        assert.equal(body?.['timestamp'], '2026-11-24 12:00:00Z');
        assert.ok(
          body['error_description']?.endsWith(
            `Trace ID: ${body['trace_id'] ?? ''} Correlation ID: ${body['correlation_id'] ?? ''} Timestamp: 2026-11-24 12:00:00Z`,
          ),
        );
      }
      assert.equal(client?.['error_uri'], undefined);
      assert.equal(other?.['error_uri'], 'https://login.microsoftonline.com/error?code=700016');
    }));

  it('comes for JSON in place of a form, another method and another address', () =>
    setting(async ({ entra, ado, application, assertion }) => {
      const target = `/${ado.tenant}/oauth2/v2.0/token`;
      const json = await send(entra.origin, {
        method: 'POST',
        target,
        headers: { 'Content-Type': 'application/json' },
        body: formOf(application.id, assertion),
      });
      const others = [
        await send(entra.origin, { method: 'GET', target }),
        await send(entra.origin, { method: 'POST', target: `/${ado.tenant}/oauth2/token` }),
      ];

      assert.deepEqual(refusalOf(json), [900144, 'invalid_request', 400]);
      assert.deepEqual(
        others.map(({ status }) => status),
        [405, 404],
      );
    }));
});
