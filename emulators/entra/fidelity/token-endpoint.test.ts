import assert from 'node:assert/strict';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { AzureDevOpsEmulator } from '../../azure-devops/emulator.js';
import { EntraEmulator } from '../emulator.js';
import { send } from '../../replay/send.js';
import { nowMs, otherTenant, resource, setting } from './setting.js';

describe('an access token of Entra', () => {
  for (const issuer of ['azure-devops', 'entra'] as const) {
    it(`is given for a job's token of the issuer ${issuer}, and Azure DevOps takes it`, () =>
      setting(
        async ({ ado, application, exchange }) => {
          ado.addIdentity({ name: 'deployer', servicePrincipal: application.id });
          const { status, body } = await exchange();
          const { access_token: token, ...rest } = body as { access_token: string };
          const answer = await send(ado.origin, {
            method: 'GET',
            target: '/example-org/_apis/projects?api-version=7.1',
            headers: { Authorization: `Bearer ${token}` },
          });

          assert.equal(status, 200);
          assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599 });
          assert.equal(answer.status, 200);
          assert.equal(ado.requests.at(-1)?.identity, 'deployer');
        },
        { issuer },
      ));
  }

  it('is signed, and says whose it is and what for', () =>
    setting(async ({ entra, application, exchange }) => {
      const { body } = await exchange();
      const { access_token: token } = body as { access_token: string };

      const { payload } = await jwtVerify(token, createLocalJWKSet(await entra.keySet()), {
        currentDate: new Date(nowMs),
      });
      const { aud, iss, appid, oid, tid, exp, iat } = payload;
      assert.deepEqual(
        { aud, iss, appid, oid, tid, lives: (exp ?? 0) - (iat ?? 0) },
        {
          aud: resource,
          iss: `https://sts.windows.net/${application.tenant}/`,
          appid: application.id,
          oid: application.objectId,
          tid: application.tenant,
          lives: 3600,
        },
      );
    }));

  it('is another one each time, so that each can be looked for', () =>
    setting(async ({ entra, exchange }) => {
      const tokens = [await exchange(), await exchange()].map(
        ({ body }) => (body as { access_token: string }).access_token,
      );

      assert.deepEqual(entra.tokens, tokens);
      assert.notEqual(tokens[0], tokens[1]);
    }));

  it('opens no organization whose user the service principal is not: TF401444', () =>
    setting(async ({ ado, application, exchange }) => {
      const { access_token: token } = (await exchange()).body as { access_token: string };
      const { status, body } = await send(ado.origin, {
        method: 'GET',
        target: '/example-org/_apis/projects?api-version=7.1',
        headers: { Authorization: `Bearer ${token}`, 'X-TFS-FedAuthRedirect': 'Suppress' },
      });

      const { message } = body as { message: string };
      assert.equal(status, 401);
      assert.equal(
        message,
        `TF401444: Please sign-in at least once as ${ado.tenant}\\${ado.tenant}\\${application.objectId} in a web browser to enable access to the service.`,
      );
    }));

  for (const [what, options] of [
    ['of another tenant', { tenant: otherTenant }],
    ['that has other keys', { entra: undefined }],
    ['that has expired', { now: () => nowMs + 3_600_000 }],
    ['on a server', { profile: 'server-2022.1' as const }],
  ] as const) {
    it(`opens no organization ${what}`, () =>
      setting(async ({ ado, entra, application, exchange }) => {
        const stranger = await EntraEmulator.start({ now: () => nowMs });
        const other = await AzureDevOpsEmulator.start({
          tenant: ado.tenant,
          now: () => nowMs,
          entra: 'entra' in options ? stranger : entra,
          ...('entra' in options ? {} : options),
        });
        try {
          other.addIdentity({ name: 'deployer', servicePrincipal: application.id });
          const { access_token: token } = (await exchange()).body as { access_token: string };
          const { status, body } = await send(other.origin, {
            method: 'GET',
            target: `/example-org/_apis/projects?api-version=5.0`,
            headers: { Authorization: `Bearer ${token}`, 'X-TFS-FedAuthRedirect': 'Suppress' },
          });

          assert.equal(status, 401);
          assert.match((body as { message: string }).message, /^TF400813/);
        } finally {
          await Promise.all([other.close(), stranger.close()]);
        }
      }));
  }
});
