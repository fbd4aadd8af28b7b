import assert from 'node:assert/strict';
import { decodeJwt } from 'jose';
import type { InfisicalEmulator } from '../emulator.js';
import type { MachineIdentity } from '../identities.js';
import { send, type Answered } from '../../replay/send.js';
import { asOther, tokenOf, withIdentity } from './sample-identity.js';
import { get, listTarget, post, refusalOf } from './sample.js';

describe('an access token', () => {
  const use = (
    server: InfisicalEmulator,
    token: string,
    headers: Record<string, string> = {},
  ): Promise<Answered> => get(server, listTarget(3), { authorization: `Bearer ${token}`, ...headers });
  const renew = (server: InfisicalEmulator, token: string): Promise<Answered> =>
    post(server, '/api/v1/auth/token/renew', { accessToken: token });

  it('is refused as expired when its TTL is over', () =>
    withIdentity({ tokens: { ttl: 60 } }, async (server, clock) => {
      const token = tokenOf(await asOther(server));
      clock.nowMs += 61_000;

      assert.deepEqual(refusalOf(await use(server, token)), [
        403,
        'TokenError',
        'Your token has expired. Please re-authenticate.',
      ]);
    }));

  it('without a TTL has no end, but is refused since such a token can be 90 days old', () =>
    withIdentity({ tokens: { ttl: 0 } }, async (server, clock) => {
      clock.nowMs = Date.parse('2026-08-01T23:59:00Z');
      const token = tokenOf(await asOther(server));

      assert.equal(decodeJwt(token).exp, undefined);
      assert.equal((await use(server, token)).status, 200);
      clock.nowMs += 60_000;
      assert.deepEqual(refusalOf(await use(server, token)), [
        401,
        'UnauthorizedError',
        'Identity access token exceeded max age, please re-authenticate',
      ]);
    }));

  it('counts every request against its limit, not lists alone', () =>
    withIdentity({ tokens: { usesLimit: 2 } }, async (server) => {
      const token = tokenOf(await asOther(server));
      await get(server, '/api/v1/projects', { authorization: `Bearer ${token}` });
      await use(server, token);

      assert.deepEqual(refusalOf(await use(server, token)), [
        401,
        'UnauthorizedError',
        'Failed to authorize: token usage limit reached',
      ]);
      assert.deepEqual(refusalOf(await renew(server, token)), [
        401,
        'UnauthorizedError',
        'Cannot renew exhausted access token',
      ]);
    }));

  it('was refused once with 400 in 2024 when it was used up, and then forgotten', () =>
    withIdentity({ options: { profile: 'legacy-2024' }, tokens: { usesLimit: 1 } }, async (server) => {
      const token = tokenOf(await asOther(server));
      await use(server, token);

      assert.deepEqual([(await use(server, token)).status, (await use(server, token)).status], [400, 403]);
    }));

  it('is bound to the addresses of the identity', () =>
    withIdentity({ tokens: { trustedIps: ['192.0.2.7'] } }, async (server) => {
      const token = tokenOf(await asOther(server));

      assert.equal((await use(server, token, { 'x-forwarded-for': '192.0.2.7' })).status, 200);
      assert.deepEqual(refusalOf(await use(server, token, { 'x-forwarded-for': '192.0.2.8' })), [
        403,
        'ForbiddenError',
        'You are not allowed to access this resource from the current IP address',
      ]);
    }));

  it('can be renewed up to its maximum, each time into a new one', () =>
    withIdentity({ tokens: { ttl: 60, maxTtl: 100 } }, async (server, clock) => {
      const first = tokenOf(await asOther(server));
      clock.nowMs += 50_000;
      const second = tokenOf(await renew(server, first));
      clock.nowMs += 45_000;

      assert.notEqual(second, first);
      assert.equal((await use(server, second)).status, 200);
      clock.nowMs += 6000;
      assert.equal(refusalOf(await use(server, second))[1], 'TokenError');
    }));

  it('renewed in 2024 when its TTL was its maximum was deleted by that', () =>
    withIdentity({ options: { profile: 'legacy-2024' } }, async (server, clock) => {
      const token = tokenOf(await asOther(server));
      clock.nowMs += 1000;

      assert.equal(refusalOf(await renew(server, token))[0], 403);
      assert.equal(refusalOf(await use(server, token))[0], 403);
    }));

  const revocations: [
    what: string,
    revoke: (server: InfisicalEmulator, identity: MachineIdentity, token: string) => unknown,
  ][] = [
    ['token has', (server, _, token) => post(server, '/api/v1/auth/token/revoke', { accessToken: token })],
    [
      'identity tokens have',
      (server, identity) => {
        server.revoke(identity, 'identity');
      },
    ],
    [
      'client secret has',
      (server, identity) => {
        server.revoke(identity, 'client-secret');
      },
    ],
  ];
  for (const [what, revoke] of revocations) {
    it(`is refused, for use and for renewal, when the ${what} been revoked`, () =>
      withIdentity({}, async (server, _clock, identity) => {
        const token = tokenOf(await asOther(server));
        await revoke(server, identity, token);

        assert.deepEqual(refusalOf(await use(server, token)), [
          401,
          'UnauthorizedError',
          `Failed to authorize: ${what} been revoked`,
        ]);
        assert.deepEqual(refusalOf(await renew(server, token)), [
          401,
          'UnauthorizedError',
          `Cannot renew: ${what} been revoked`,
        ]);
      }));
  }

  const broken: [
    title: string,
    header: (token: string) => string | undefined,
    message: string,
    error: string,
  ][] = [
    ['is missing', () => undefined, 'Token missing', 'UnauthorizedError'],
    [
      'is not a JWT',
      () => 'Bearer nonsense',
      'The provided access token is malformed. Please use a valid token or generate a new one and try again.',
      'TokenError',
    ],
    [
      'is signed otherwise',
      (token) =>
        `Bearer ${Buffer.from('{"alg":"HS512"}').toString('base64url')}.${token.split('.').slice(1).join('.')}`,
      'The access token is signed with an invalid algorithm. Please provide a valid token and try again.',
      'TokenError',
    ],
    [
      'has another signature',
      (token) => `Bearer ${token.slice(0, -6)}AAAAAA`,
      'invalid signature',
      'TokenError',
    ],
  ];
  for (const [title, header, message, error] of broken) {
    it(`is refused when it ${title}`, () =>
      withIdentity({}, async (server) => {
        const authorization = header(tokenOf(await asOther(server)));

        const answer = await send(server.url, {
          method: 'GET',
          target: listTarget(4),
          headers: authorization === undefined ? {} : { authorization },
        });

        assert.deepEqual(refusalOf(answer), [error === 'TokenError' ? 403 : 401, error, message]);
      }));
  }

  it('is read after seven characters, whatever the scheme', () =>
    withIdentity({}, async (server) => {
      const token = tokenOf(await asOther(server));

      assert.equal((await get(server, listTarget(4), { authorization: `Foobar ${token}` })).status, 200);
    }));
});
