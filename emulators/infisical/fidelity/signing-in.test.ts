import assert from 'node:assert/strict';
import type { InfisicalEmulator } from '../emulator.js';
import { send, type Answered } from '../../replay/send.js';
import { asOther, tokenOf, withIdentity } from './sample-identity.js';
import { clientId, clientSecret, get, login, post, refusalOf, withServer } from './sample.js';

const locked: [number, string, string] = [
  401,
  'UnauthorizedError',
  'This identity auth method is temporarily locked, please try again later',
];
const wrong: [number, string, string] = [401, 'UnauthorizedError', 'Invalid credentials'];

describe('Universal Auth', () => {
  it('takes a form as well as JSON, blanks around, and a slash at the end', () =>
    withServer({}, async (server) => {
      const form = new URLSearchParams({ clientId: ` ${clientId} `, clientSecret: `${clientSecret}\n` });

      const answer = await send(server.url, {
        method: 'POST',
        target: '/api/v1/auth/universal-auth/login/',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form.toString(),
      });

      assert.equal(answer.status, 200);
      assert.deepEqual(Object.keys(answer.body as object), [
        'accessToken',
        'expiresIn',
        'accessTokenMaxTTL',
        'tokenType',
      ]);
    }));

  it('says the same of an unknown client ID and of a wrong secret', () =>
    withServer({}, async (server) => {
      assert.deepEqual(refusalOf(await login(server, { id: 'nobody' })), wrong);
      assert.deepEqual(refusalOf(await login(server, { secret: 'no' })), wrong);
    }));

  it('locks for five minutes after three wrong secrets', () =>
    withIdentity({}, async (server, clock) => {
      for (let count = 0; count < 3; count += 1)
        assert.deepEqual(refusalOf(await login(server, { id: 'other', secret: 'no' })), wrong);

      assert.deepEqual(refusalOf(await asOther(server)), locked);
      clock.nowMs += 299_000;
      assert.deepEqual(refusalOf(await asOther(server)), locked);
      clock.nowMs += 1000;
      assert.equal((await asOther(server)).status, 200);
    }));

  it('counts wrong secrets for 30 seconds from the last one', () =>
    withIdentity({}, async (server, clock) => {
      const miss = (): Promise<Answered> => login(server, { id: 'other', secret: 'no' });
      await miss();
      clock.nowMs += 29_000;
      await miss();
      clock.nowMs += 29_000;
      await miss();

      assert.deepEqual(refusalOf(await asOther(server)), locked);
    }));

  it('forgets wrong secrets after 30 seconds, and with the first right one', () =>
    withIdentity({}, async (server, clock) => {
      const miss = (): Promise<Answered> => login(server, { id: 'other', secret: 'no' });
      await miss();
      await miss();
      clock.nowMs += 30_000;
      await miss();
      await miss();
      await asOther(server);
      await miss();
      await miss();

      assert.equal((await asOther(server)).status, 200);
    }));

  it('never locks for unknown client IDs', () =>
    withServer({}, async (server) => {
      for (let count = 0; count < 4; count += 1) await login(server, { id: 'nobody' });

      assert.deepEqual(refusalOf(await login(server, { id: 'nobody' })), wrong);
    }));

  it('never locked in 2024', () =>
    withServer({ profile: 'legacy-2024' }, async (server) => {
      for (let count = 0; count < 30; count += 1) await login(server, { secret: 'no' });

      assert.equal((await login(server)).status, 200);
    }));

  it('in 2024 broke on an Authorization header that it did not need', () =>
    withServer({ profile: 'legacy-2024' }, async (server) => {
      const body = { clientId, clientSecret };

      const answer = await post(server, '/api/v1/auth/universal-auth/login', body, {
        authorization: 'Bearer garbage',
      });

      assert.deepEqual(refusalOf(answer), [500, 'Internal Server Error', 'jwt malformed']);
    }));

  it('revokes a client secret that it finds expired', () =>
    withIdentity(
      { universalAuth: { clientId: 'other', clientSecret, secretTtl: 60 } },
      async (server, clock) => {
        clock.nowMs += 60_000;
        assert.equal((await asOther(server)).status, 200);
        clock.nowMs += 1;

        assert.deepEqual(refusalOf(await asOther(server)), [
          401,
          'UnauthorizedError',
          'Access denied due to expired client secret',
        ]);
        assert.deepEqual(refusalOf(await asOther(server)), wrong);
      },
    ));

  it('revokes a client secret that it finds used up', () =>
    withIdentity(
      { universalAuth: { clientId: 'other', clientSecret, secretUsesLimit: 1 } },
      async (server) => {
        assert.equal((await asOther(server)).status, 200);

        assert.deepEqual(refusalOf(await asOther(server)), [
          401,
          'UnauthorizedError',
          'Access denied due to client secret usage limit reached',
        ]);
        assert.deepEqual(refusalOf(await asOther(server)), wrong);
      },
    ));

  it('is bound to the addresses of the client secret', () =>
    withIdentity(
      {
        universalAuth: { clientId: 'other', clientSecret, trustedIps: ['198.51.100.0/24', '2001:db8::/32'] },
      },
      async (server) => {
        const from = async (address: string): Promise<unknown> =>
          (await login(server, { id: 'other', from: address })).status;

        assert.deepEqual(
          [await from('198.51.100.9'), await from('2001:db8::1'), await from('192.0.2.1')],
          [200, 200, 403],
        );
        assert.deepEqual(refusalOf(await login(server, { id: 'other', from: '192.0.2.1' })), [
          403,
          'ForbiddenError',
          'You are not allowed to access this resource from the current IP address',
        ]);
      },
    ));

  it('tells periodic tokens that they live for ever', () =>
    withIdentity({ tokens: { period: 600 } }, async (server) => {
      const { expiresIn, accessTokenMaxTTL } = (await asOther(server)).body as Record<string, number>;

      assert.deepEqual([expiresIn, accessTokenMaxTTL], [600, 1_000_000_000]);
    }));
});

describe('a sub-organization', () => {
  const inTeam = { subOrganizations: ['team'] };
  const addTeam = (server: InfisicalEmulator): void => {
    server.addProject({ slug: 'team-shop', id: 'team-shop', environments: ['dev'], organization: 'team' });
  };
  const read = (server: InfisicalEmulator, token: string, id: string): Promise<Answered> =>
    get(server, `/api/v3/secrets/raw?workspaceId=${id}&environment=dev`, {
      authorization: `Bearer ${token}`,
    });

  it('is what the session sees when it is asked for', () =>
    withIdentity({ ...inTeam, projects: { shop: 'viewer', 'team-shop': 'viewer' } }, async (server) => {
      addTeam(server);
      const asked = tokenOf(await login(server, { id: 'other', organizationSlug: 'team' }));
      const plain = tokenOf(await asOther(server));

      assert.equal((await read(server, asked, 'team-shop')).status, 200);
      assert.equal((await read(server, plain, 'team-shop')).status, 403);
    }));

  it('is refused when it does not exist or is not for this identity', () =>
    withIdentity({}, async (server) => {
      addTeam(server);

      assert.deepEqual(refusalOf(await login(server, { id: 'other', organizationSlug: 'nope' })), [
        404,
        'NotFound',
        'Sub organization with name nope not found',
      ]);
      assert.deepEqual(refusalOf(await login(server, { id: 'other', organizationSlug: 'team' })), [
        401,
        'UnauthorizedError',
        'Identity not authorized to access sub organization team',
      ]);
    }));

  it('is ignored when it is the own one, or the server is of 2024', async () => {
    await withIdentity({}, async (server) => {
      assert.equal(
        (await login(server, { id: 'other', organizationSlug: 'emulated-organization' })).status,
        200,
      );
    });
    await withIdentity({ options: { profile: 'legacy-2024' } }, async (server) => {
      assert.equal((await login(server, { id: 'other', organizationSlug: 'nope' })).status, 200);
    });
  });
});
