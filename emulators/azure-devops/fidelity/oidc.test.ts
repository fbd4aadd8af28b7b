import assert from 'node:assert/strict';
import { createRemoteJWKSet, decodeJwt, jwtVerify, type JWTPayload } from 'jose';
import { asking, type Asked } from './asking.js';

const audience = 'api://AzureADTokenExchange';
const organizationId = '11111111-2222-3333-4444-555555555555';
const tenant = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const nowMs = Date.UTC(2026, 10, 24, 12, 0, 0);
const options = { instanceId: organizationId, tenant, now: () => nowMs };

const job = {
  project: 'Shop',
  pipeline: { id: 12, name: 'nightly build' },
  runId: 345,
  repository: { id: 'repo-id', name: 'shop', version: 'abc123', ref: 'refs/heads/main' },
};

async function tokenFor({ ado, askBare }: Asked, serviceConnectionId?: string): Promise<string> {
  const { oidcRequestUri } = ado.addJob(job);
  const query = serviceConnectionId === undefined ? '' : `&serviceConnectionId=${serviceConnectionId}`;
  const target = `${new URL(oidcRequestUri).pathname}?api-version=7.1${query}`;
  const answer = await askBare('POST', target, {
    Authorization: 'Bearer the-token',
    'Content-Type': 'application/json',
  });
  assert.equal(answer.status, 200);
  return (answer.body as { oidcToken: string }).oidcToken;
}

/** Trusts a token as a stranger would: by what its issuer says of itself. */
async function trusted(token: string): Promise<JWTPayload> {
  const { iss = '' } = decodeJwt(token);
  const configuration = (await (await fetch(`${iss}/.well-known/openid-configuration`)).json()) as {
    issuer: string;
    jwks_uri: string;
  };
  const keys = createRemoteJWKSet(new URL(configuration.jwks_uri));
  const { payload } = await jwtVerify(token, keys, {
    issuer: configuration.issuer,
    audience,
    algorithms: ['RS256'],
    currentDate: new Date(nowMs),
  });
  return payload;
}

describe('a token of a job', () => {
  it('names the pipeline and its run, and is good for ten minutes', () =>
    asking(options, async (asked) => {
      const { jti, iss, ...claims } = await trusted(await tokenFor(asked));

      const seconds = nowMs / 1000;
      assert.deepEqual(claims, {
        sub: 'p://example-org/Shop/nightly build',
        aud: audience,
        org_id: organizationId,
        prj_id: asked.shop.id,
        def_id: '12',
        rpo_id: 'repo-id',
        rpo_uri: `${asked.ado.collectionUrl}Shop/_git/shop`,
        rpo_ver: 'abc123',
        rpo_ref: 'refs/heads/main',
        run_id: '345',
        nbf: seconds - 600,
        exp: seconds + 600,
        iat: seconds,
      });
      assert.equal(iss, asked.ado.issuers.azureDevOps);
      assert.ok(iss.endsWith(`/${organizationId}`));
      assert.match(jti ?? '', /^[0-9a-f-]{36}$/);
    }));

  it('names a service connection by its name', () =>
    asking(options, async (asked) => {
      const { id } = asked.ado.addServiceConnection({ project: 'Shop', name: 'my connection' });

      const { sub, iss } = await trusted(await tokenFor(asked, id));

      assert.equal(sub, 'sc://example-org/Shop/my connection');
      assert.ok(iss?.endsWith(`/${organizationId}`));
    }));

  it('names a newer service connection by IDs, in the name of Entra', () =>
    asking(options, async (asked) => {
      const { id } = asked.ado.addServiceConnection({
        project: 'Shop',
        name: 'newer',
        issuer: 'entra',
        applicationId: '00112233-4455-6677-8899-aabbccddeeff',
      });

      const { sub, iss } = await trusted(await tokenFor(asked, id));

      // The tenant's and the application's bytes in .NET's order, as base64url.
      const [tenantPart, applicationPart] = ['v4j5cvGGr0GRqy180BHbRw', 'MyIRAFVEd2aImaq7zN3u_w'];
      assert.equal(sub, `/eid1/c/pub/t/${tenantPart}/a/${applicationPart}/sc/${organizationId}/${id}`);
      assert.equal(iss, asked.ado.issuers.entra);
      assert.ok(iss.endsWith(`/${tenant}/v2.0`));
    }));

  it('is signed by nobody else: another organization’s keys do not fit', () =>
    asking(options, async (asked) => {
      const token = await tokenFor(asked);

      await asking(options, async ({ ado }) => {
        const { origin } = new URL(ado.collectionUrl);
        const keys = createRemoteJWKSet(new URL(`${origin}/${organizationId}/.well-known/jwks`));

        await assert.rejects(jwtVerify(token, keys, { currentDate: new Date(nowMs) }), {
          name: 'JWKSNoMatchingKey',
          message: 'no applicable key found in the JSON Web Key Set',
        });
      });
    }));

  it('is refused to a job that does not run, for a connection that is not there, and without signing in', () =>
    asking(options, async (asked) => {
      const { ado, askBare } = asked;
      const target = new URL(ado.addJob(job).oidcRequestUri).pathname;
      const signedIn = { Authorization: 'Bearer the-token' };
      const suppress = { 'X-TFS-FedAuthRedirect': 'Suppress' };

      const statuses = [
        await askBare('POST', `${target.replace(/plans\/[^/]+/, 'plans/none')}?api-version=7.1`, signedIn),
        await askBare('POST', `${target.replace('hubs/build', 'hubs/rm')}?api-version=7.1`, signedIn),
        await askBare('POST', `${target}?api-version=7.1&serviceConnectionId=none`, signedIn),
        await askBare('GET', `${target}?api-version=7.1`, signedIn),
        await askBare('POST', `${target}?api-version=7.1`, { Authorization: 'Bearer bad' }),
        await askBare('POST', `${target}?api-version=7.1`, { Authorization: 'Bearer bad', ...suppress }),
      ].map(({ status }) => status);

      assert.deepEqual(statuses, [404, 404, 404, 405, 203, 401]);
    }));

  it('takes both spellings of its version', () =>
    asking(options, async ({ ado, askBare }) => {
      const target = new URL(ado.addJob(job).oidcRequestUri).pathname;

      for (const version of ['7.1', '7.1-preview.1']) {
        const answer = await askBare('POST', `${target}?api-version=${version}`, {
          Authorization: 'Bearer the-token',
        });
        assert.equal(answer.status, 200);
      }
    }));
});
