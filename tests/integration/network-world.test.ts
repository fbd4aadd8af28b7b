import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { get } from '../support/asking-over.js';
import { certificates } from '../support/certificates.js';
import { aTaskFolder } from '../support/mini-agent-bench.js';
import type { FinishedStep } from '../support/mini-agent/mini-agent.js';
import { aNetworkWorld, type NetworkWorld, type NetworkWorldOptions } from '../support/network-world.js';
import { goodNetworks, needsOf, type Network } from '../support/networks.js';
import { personalAccessToken } from '../support/other-organization.js';

/**
 * What holds the world together without the task: a script of a few lines that signs in everywhere by the means of
 * Node alone, as the documents of the services say.
 */
const script = `
const connection = env.INPUT_INFISICALCONNECTION;
const parameter = (id, name) => env['ENDPOINT_AUTH_PARAMETER_' + id + '_' + name];
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const tell = async (name, response) => {
  const text = await response.text();
  const body = /json/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : {};
  say(name + ' ' + response.status + ' ' + (body.message ?? (body.error_codes ?? '')));
  return body;
};
const oidcToken = async (id) => {
  const url = env.SYSTEM_OIDCREQUESTURI + '?api-version=7.1&serviceConnectionId=' + id;
  const headers = { Authorization: 'Bearer ' + parameter('SYSTEMVSSCONNECTION', 'ACCESSTOKEN') };
  return (await tell('oidctoken', await fetch(url, { method: 'POST', headers }))).oidcToken;
};
(async () => {
  const infisical = env['ENDPOINT_URL_' + connection].replace(/\\/$/, '');
  const scheme = env['ENDPOINT_AUTH_SCHEME_' + connection];
  const [path, login] = scheme === 'None'
    ? ['oidc-auth', { identityId: parameter(connection, 'IDENTITYID'), jwt: await oidcToken(connection) }]
    : ['universal-auth', { clientId: parameter(connection, 'USERNAME'), clientSecret: parameter(connection, 'PASSWORD') }];
  if (scheme === 'Token') {
    const headers = { Authorization: 'Bearer ' + parameter(connection, 'APITOKEN') };
    await tell('infisical', await fetch(infisical + '/api/v1/projects', { headers }));
  } else {
    const body = new URLSearchParams(login);
    await tell('infisical', await fetch(infisical + '/api/v1/auth/' + path + '/login', { method: 'POST', headers: form, body }));
  }
  const entra = env.INPUT_AZUREDEVOPSCONNECTION;
  const pat = env.INPUT_AZUREDEVOPSTOKENCONNECTION;
  let target = env['ENDPOINT_URL_SYSTEMVSSCONNECTION'];
  let authorization = 'Bearer ' + parameter('SYSTEMVSSCONNECTION', 'ACCESSTOKEN');
  if (entra) {
    target = env['ENDPOINT_URL_' + entra];
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: parameter(entra, 'SERVICEPRINCIPALID'),
      scope: '499b84ac-1321-427f-aa17-267ca6975798/.default',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await oidcToken(entra),
    });
    const authority = env['ENDPOINT_DATA_' + entra + '_ACTIVEDIRECTORYAUTHORITY'];
    const url = authority + parameter(entra, 'TENANTID') + '/oauth2/v2.0/token';
    const answer = await tell('entra', await fetch(url, { method: 'POST', headers: form, body }));
    authorization = 'Bearer ' + answer.access_token;
  } else if (pat) {
    target = env['ENDPOINT_URL_' + pat];
    authorization = 'Basic ' + Buffer.from(':' + parameter(pat, 'APITOKEN')).toString('base64');
  }
  const headers = { Authorization: authorization, 'X-TFS-FedAuthRedirect': 'Suppress' };
  await tell('azure-devops', await fetch(target + 'Shop/_apis/distributedtask/variablegroups', { headers }));
})();
`;

const definition = {
  inputs: [
    { name: 'infisicalConnection', type: 'connectedService:infisicalMachineIdentity' },
    { name: 'azureDevOpsConnectionType', type: 'pickList' },
    { name: 'azureDevOpsConnection', type: 'connectedService:workloadidentityuser' },
    { name: 'azureDevOpsTokenConnection', type: 'connectedService:externaltfs' },
  ],
};

async function withWorld(
  options: NetworkWorldOptions,
  run: (world: NetworkWorld, signIn: () => Promise<string[]>) => Promise<void>,
): Promise<void> {
  const world = await aNetworkWorld(options);
  const taskFolder = aTaskFolder({ script, definition });
  try {
    await run(world, async () => said(await world.sync({}, { agent: { taskFolder } })));
  } finally {
    rmSync(taskFolder, { recursive: true, force: true });
    await world.close();
  }
}

/** What the script says: a service, a status, and what it was told. */
function said({ log }: FinishedStep): string[] {
  return log.split('\n').filter((line) => /^(?:oidctoken|infisical|entra|azure-devops) \d+/.test(line));
}

const statuses = (lines: string[]): string[] => lines.map((line) => line.split(' ').slice(0, 2).join(' '));

describe('a world of identities', () => {
  for (const issuer of ['azure-devops', 'entra'] as const) {
    it(`lets a job in that stores nothing: OIDC tokens of the issuer ${issuer}`, () =>
      withWorld({ auth: 'oidc', connectionType: 'entra', issuer }, async (world, signIn) => {
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
        withWorld({ auth, connectionType }, async (world, signIn) => {
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
      await withWorld({ connectionType: 'personalAccessToken', target }, async (world, signIn) => {
        assert.equal((await signIn()).at(-1), 'azure-devops 200 ');
        assert.match(world.target.collectionUrl, /\/tfs\/OtherCollection\/$/);
      });
      await withWorld({ connectionType: 'entra', target }, async (_world, signIn) => {
        assert.equal(statuses(await signIn()).at(-1), 'azure-devops 401');
      });
    });
  }

  it('refuses who is trusted by nobody', () =>
    withWorld({ auth: 'oidc', connectionType: 'entra' }, async (world, signIn) => {
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
    withWorld({ connectionType: 'personalAccessToken' }, async ({ ado, target }) => {
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
    withWorld({ auth: 'oidc', connectionType: 'entra' }, async (world) => {
      const taskFolder = aTaskFolder({
        script: script.replace(
          'say(name +',
          "say(Buffer.from(body.access_token ?? '').toString('base64')); say(name +",
        ),
        definition,
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
      const taskFolder = aTaskFolder({ script: facts, definition });
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
    const taskFolder = aTaskFolder({ script: 'say(env.AGENT_PROXYURL)', definition });
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
    const taskFolder = aTaskFolder({ script, definition });
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
