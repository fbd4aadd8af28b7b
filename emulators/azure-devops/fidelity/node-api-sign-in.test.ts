import assert from 'node:assert/strict';
import { getPersonalAccessTokenHandler, WebApi } from 'azure-devops-node-api';

import { pat, project, withClient } from './node-api-client.js';

describe('azure-devops-node-api and signing in', () => {
  it('signs in with a personal access token', () =>
    withClient({}, async ({ ado }) => {
      const client = new WebApi(ado.collectionUrl, getPersonalAccessTokenHandler(pat));

      assert.equal((await client.connect()).authenticatedUser?.providerDisplayName, 'build');
    }));

  it('says of a sign-in page only that it finds no location', () =>
    withClient({}, async ({ ado, groups }) => {
      ado.faults.add({ match: {}, times: 9, fault: { kind: 'html', status: 203 } });

      await assert.rejects(groups(), {
        name: 'Error',
        message: 'Failed to find api location for area: Location id: e81700f7-3be2-46de-8624-2eb35882fcaa',
      });
    }));

  it('throws for a refused token, because it asks for a status', () =>
    withClient({ token: 'another-one' }, async ({ groups }) => {
      await assert.rejects(groups(), { message: /^TF400813: /, statusCode: 401 });
    }));

  it('gets a token of the job', () =>
    withClient({}, async ({ ado, client, projectId }) => {
      const { hub, planId, jobId } = ado.addJob({ project });
      const api = await client.getTaskApi();

      const { oidcToken = '' } = await api.createOidcToken({}, projectId, hub, planId, jobId, '');

      assert.match(oidcToken, /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/);
    }));

  it('finds no token before 7.1', () =>
    withClient({ profile: 'server-2022' }, async ({ client, projectId }) => {
      const api = await client.getTaskApi();

      await assert.rejects(api.createOidcToken({}, projectId, 'build', 'plan', 'job', ''), {
        message:
          'Failed to find api location for area: distributedtask id: 69a319f4-28c1-4bfd-93e6-ea0ff5c6f1a2',
      });
    }));

  for (const [what, fault] of [
    ['404', { kind: 'status', status: 404, body: { message: 'gone' } }],
    ['a sign-in page', { kind: 'html', status: 203 }],
  ] as const) {
    it(`takes ${what} for a group that is not there`, () =>
      withClient({}, async ({ ado, groups }) => {
        ado.addGroup({ project, name: 'web', variables: { A: 'x' } });
        const api = await groups();
        ado.faults.add({ match: { path: /variablegroups/ }, fault });

        assert.equal(await api.getVariableGroup(project, 1), null);
      }));
  }

  it('throws when it is blocked, and tells how long to wait', () =>
    withClient({}, async ({ ado, groups }) => {
      const api = await groups();
      ado.throttle({ name: 'build' }, { requests: 0, retryAfterSeconds: 7 });

      await assert.rejects(api.getVariableGroups(project), (error: Error & { rateLimit?: object }) => {
        assert.match(error.message, /^TF400733: /);
        assert.equal((error.rateLimit as { retryAfter?: number } | undefined)?.retryAfter, 7);
        return true;
      });
    }));
});
