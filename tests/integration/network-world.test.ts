import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { get } from '../support/asking-over.js';
import { certificates } from '../../emulators/loopback/certificates.js';
import { aTaskFolder } from '../../emulators/agent/fidelity/bench.js';
import { aNetworkWorld } from '../support/network-world.js';
import { goodNetworks, needsOf, type Network } from '../support/networks.js';
import { personalAccessToken } from '../support/other-organization.js';

import { signInDefinition, signInScript, withSignIn } from './sign-in-script.js';

const statuses = (lines: string[]): string[] => lines.map((line) => line.split(' ').slice(0, 2).join(' '));

describe('a world of identities', () => {
  for (const issuer of ['azure-devops', 'entra'] as const) {
    it(`lets a job in that stores nothing: OIDC tokens of the issuer ${issuer}`, () =>
      withSignIn({ auth: 'oidc', connectionType: 'entra', issuer }, async (world, signIn) => {
        const lines = await signIn();

        assert.deepEqual(statuses(lines), [
          'oidctoken 200',
          'infisical 200',
          'oidctoken 200',
          'entra 200',
          'azure-devops 200',
        ]);
        const [last] = world.target.requests.slice(-1);
        assert.equal(last?.identity, 'deployer');
      }));
  }

  for (const auth of ['universal', 'token', 'oidc'] as const) {
    for (const connectionType of ['currentPipeline', 'entra', 'personalAccessToken'] as const) {
      it(`knows who signs in where: ${auth}, ${connectionType}`, () =>
        withSignIn({ auth, connectionType }, async (world, signIn) => {
          const lines = await signIn();

          assert.deepEqual(
            statuses(lines).filter((line) => !line.endsWith(' 200')),
            [],
          );
          assert.equal(lines.at(-1), 'azure-devops 200 ');
          assert.equal(world.target === world.ado, connectionType === 'currentPipeline');
          assert.equal(world.target.requests.at(-1)?.identity, world.writer.name);
        }));
    }
  }

  for (const target of ['server-2019', 'server-2020', 'server-2022', 'server-2022.1'] as const) {
    it(`has other servers, below a path, that take tokens and no service principals: ${target}`, async () => {
      await withSignIn({ connectionType: 'personalAccessToken', target }, async (world, signIn) => {
        assert.equal((await signIn()).at(-1), 'azure-devops 200 ');
        assert.match(world.target.collectionUrl, /\/tfs\/OtherCollection\/$/);
      });
      await withSignIn({ connectionType: 'entra', target }, async (_world, signIn) => {
        assert.equal(statuses(await signIn()).at(-1), 'azure-devops 401');
      });
    });
  }

  it('refuses who is trusted by nobody', () =>
    withSignIn({ auth: 'oidc', connectionType: 'entra' }, async (world, signIn) => {
      const { oidcAuth } = world.machine;
      if (oidcAuth === undefined) throw new Error('no OIDC Auth');
      oidcAuth.boundSubject = 'sc://example-org/Shop/another';
      world.application.federatedCredentials.length = 0;

      const lines = await signIn();

      assert.deepEqual(lines.slice(0, 4), [
        'oidctoken 200 ',
        'infisical 403 Access denied: OIDC subject not allowed.',
        'oidctoken 200 ',
        'entra 401 700211',
      ]);
      assert.equal(statuses(lines).at(-1), 'azure-devops 401');
    }));

  it('takes a token of one organization in no other', () =>
    withSignIn({ connectionType: 'personalAccessToken' }, async ({ ado, target }) => {
      const headers = {
        Authorization: `Basic ${Buffer.from(`:${personalAccessToken}`).toString('base64')}`,
        'X-TFS-FedAuthRedirect': 'Suppress',
      };
      const asked = [target, ado].map(async ({ collectionUrl }) =>
        fetch(`${collectionUrl}_apis/projects?api-version=7.1`, { headers }),
      );

      assert.deepEqual(
        (await Promise.all(asked)).map(({ status }) => status),
        [200, 401],
      );
    }));

  it('looks for every token that somebody got', () =>
    withSignIn({ auth: 'oidc', connectionType: 'entra' }, async (world) => {
      const taskFolder = aTaskFolder({
        script: signInScript.replace(
          'say(name +',
          "say(Buffer.from(body.access_token ?? '').toString('base64')); say(name +",
        ),
        definition: signInDefinition,
      });
      try {
        await assert.rejects(
          world.sync({}, { agent: { taskFolder } }),
          /canary \d+ of \d+ .* shows in the log/,
        );
      } finally {
        rmSync(taskFolder, { recursive: true, force: true });
      }
    }));
});

describe('a world of networks', () => {
  before(needsOf(...goodNetworks));

  const facts = `
    const names = Object.keys(env).filter((name) => /^(?:SECRET_)?AGENT_(?:PROXY|CAINFO|CLIENTCERT|SKIPCERT)|^(?:HTTPS?|NO)_PROXY$/.test(name));
    say('told ' + names.sort().join(' '));
    say('infisical at ' + env['ENDPOINT_URL_' + env.INPUT_INFISICALCONNECTION]);
    say('collection at ' + env.SYSTEM_COLLECTIONURI);
    say('token at ' + env.SYSTEM_OIDCREQUESTURI);
    say('headers ' + JSON.stringify(env['ENDPOINT_AUTH_PARAMETER_' + env.INPUT_INFISICALCONNECTION + '_REQUESTHEADERS'] ?? null).length);
  `;
  const told: Record<(typeof goodNetworks)[number], string> = {
    direct: '',
    proxy: 'AGENT_PROXYURL',
    proxyWithCredentials: 'AGENT_PROXYURL AGENT_PROXYUSERNAME SECRET_AGENT_PROXYPASSWORD',
    bypassedProxy: 'AGENT_PROXYBYPASSLIST AGENT_PROXYURL',
    environmentProxy: 'HTTPS_PROXY HTTP_PROXY',
    environmentNoProxy: 'HTTPS_PROXY HTTP_PROXY NO_PROXY',
    privateCa: 'AGENT_CAINFO',
    clientCertificate:
      'AGENT_CAINFO AGENT_CLIENTCERT AGENT_CLIENTCERTARCHIVE AGENT_CLIENTCERTKEY SECRET_AGENT_CLIENTCERTPASSWORD',
    skipValidation: 'AGENT_SKIPCERTVALIDATION',
    cloud: 'AGENT_CAINFO AGENT_PROXYURL',
    plainHttp: 'AGENT_PROXYBYPASSLIST AGENT_PROXYURL',
    subPath: '',
    ipv6: '',
    gatewayHeader: '',
  };

  const hosts: Partial<Record<Network, Record<string, string>>> = {
    ipv6: { 'infisical at': '[::1]', 'collection at': '[::1]', 'token at': '[::1]' },
    cloud: {
      'infisical at': 'app.infisical.com',
      'collection at': 'dev.azure.com',
      'token at': 'dev.azure.com',
    },
    plainHttp: { 'infisical at': 'infisical.example' },
  };

  for (const network of goodNetworks) {
    it(`tells the agent what there is to know: ${network}`, async () => {
      const world = await aNetworkWorld({ network });
      const taskFolder = aTaskFolder({ script: facts, definition: signInDefinition });
      try {
        const { log } = await world.sync({}, { agent: { taskFolder } });

        const sayings = Object.fromEntries(
          [...log.matchAll(/^(told|infisical at|collection at|token at|headers) (.*)$/gm)].map(
            ([, what = '', text = '']) => [what, text],
          ),
        );
        assert.equal(sayings['told'], told[network]);
        assert.equal(sayings['infisical at']?.endsWith('/infisical'), network === 'subPath');
        const isTls = ['privateCa', 'clientCertificate', 'skipValidation', 'cloud'].includes(network);
        for (const address of ['infisical at', 'collection at', 'token at']) {
          const { protocol, hostname } = new URL(sayings[address] ?? '');
          assert.equal(protocol, isTls ? 'https:' : 'http:');
          assert.equal(hostname, hosts[network]?.[address] ?? '127.0.0.1');
        }
        assert.equal(Number(sayings['headers']) > 10, network === 'gatewayHeader');
      } finally {
        rmSync(taskFolder, { recursive: true, force: true });
        await world.close();
      }
    });
  }

  it('leads to both regions of Infisical by name, and the other one knows nobody', async () => {
    const world = await aNetworkWorld({ network: 'cloud' });
    const taskFolder = aTaskFolder({ script: 'say(env.AGENT_PROXYURL)', definition: signInDefinition });
    try {
      const { log } = await world.sync({}, { agent: { taskFolder } });
      const proxy = { url: /^http:\/\/127\.0\.0\.1:\d+\/$/m.exec(log)?.[0] ?? '' };
      const overProxy = { proxy, tls: { ca: certificates().ca } };
      const statusAt = async (host: string): Promise<number> =>
        (await get(`https://${host}/api/status`, overProxy)).status;

      assert.equal(await statusAt('app.infisical.com'), 200);
      assert.equal(world.infisical.requests.length, 1);
      assert.equal(await statusAt('eu.infisical.com'), 200);
      assert.equal(world.europe.requests.length, 1);
    } finally {
      rmSync(taskFolder, { recursive: true, force: true });
      await world.close();
    }
  });

  it('tells what came past the proxy', async () => {
    const world = await aNetworkWorld({ network: 'proxy' });
    const taskFolder = aTaskFolder({ script: signInScript, definition: signInDefinition });
    try {
      const { url } = world.network.proxy;
      await get(`${world.network.urlOf('infisical')}/api/status`, { proxy: { url } });
      await world.sync({}, { agent: { taskFolder } });

      assert.deepEqual(world.network.pastProxy(), [
        'POST /api/v1/auth/universal-auth/login',
        'GET /example-org/Shop/_apis/distributedtask/variablegroups',
      ]);
      assert.deepEqual(world.network.proxy.requests, [`GET ${world.infisical.url}/api/status`]);
    } finally {
      rmSync(taskFolder, { recursive: true, force: true });
      await world.close();
    }
  });
});
