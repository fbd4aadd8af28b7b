import assert from 'node:assert/strict';
import {
  aNetworkWorld,
  type NetworkJobOptions,
  type NetworkWorld,
  type NetworkWorldOptions,
} from '../support/network-world.js';
import type { Endpoint } from '../../emulators/agent/endpoints.js';
import type { Refusal } from './refused.js';
import { needsOf, type Network } from '../support/networks.js';

const debug = { agent: { variables: { 'system.debug': 'true' } } };

/** Filled in when the address of the other organization is known. */
const misspelledOrganization: Partial<Endpoint> = {};
const misspelled = ({ target }: NetworkWorld): void => {
  misspelledOrganization.url = target.collectionUrl.replace('other-org', 'othr-org');
};

type NetworkRefusal = Refusal<NetworkWorld, NetworkWorldOptions, NetworkJobOptions>;

/** Runs it, and checks that it failed before anything was written; the mini-agent looks for leaks, at system.debug. */
async function refused(
  { world: given, prepare, inputs, options = {}, message }: Omit<NetworkRefusal, 'title'>,
  look: (world: NetworkWorld) => void = () => undefined,
): Promise<void> {
  const world = await aNetworkWorld(given);
  try {
    await prepare?.(world);

    const step = await world.sync(inputs, { ...options, agent: { ...debug.agent, ...options.agent } });

    assert.equal(step.result, 'Failed');
    const [error, ...more] = step.issues.filter(({ type }) => type === 'error');
    assert.deepEqual(more, []);
    assert.match(error?.message ?? '', message);
    assert.match(error?.message ?? '', /Nothing was written\.$/);
    assert.equal(world.target.group('Shop', 'shop-prod'), undefined);
    look(world);
  } finally {
    await world.close();
  }
}

const lines = (...patterns: string[]): RegExp => new RegExp(patterns.join('[^\\n]*\\n *'));

const networkRefusals: [Network, RegExp][] = [
  ['proxyDown', /the proxy "127\.0\.0\.1:\d+" can’t be reached|through the proxy/],
  ['proxyWithoutCredentials', /the proxy "127\.0\.0\.1:\d+" asks for a user name and a password/],
  ['unknownCa', /its certificate comes from an authority that this agent does not trust.*--sslcacert/],
  ['expiredCertificate', /its certificate has expired/],
  ['certificateOfAnotherName', /its certificate is for another host name/],
  ['selfSignedCertificate', /its certificate is self-signed and not trusted/],
  ['noClientCertificate', /it requires a client certificate/],
  [
    'strangersClientCertificate',
    /closed the connection.*client certificate if the server requires one|it requires a client certificate/,
  ],
  ['gatewayWithoutHeader', /did not answer in JSON \(status 403\).*gateway/],
  ['gatewaySignIn', /redirects to "http:\/\/127\.0\.0\.1:\d+"\. This task does not follow redirects/],
  ['redirectElsewhere', /redirects to "http:\/\/127\.0\.0\.1:\d+"\. This task does not follow redirects/],
];

for (const [network, message] of networkRefusals) {
  describe(`no way in by the network "${network}"`, () => {
    before(needsOf(network));

    it('says why, and sends nothing to another host', async () => {
      await refused({ world: { network }, message }, (world) => {
        assert.deepEqual(world.network.elsewhere.requests, []);
      });
    });
  });
}

describe('no way in through a tunnel', () => {
  before(needsOf('proxyWithoutCredentials', 'privateCa'));

  for (const [network, message] of [
    ['proxyDown', /the proxy "127\.0\.0\.1:\d+" can’t be reached/],
    ['proxyWithoutCredentials', /asks for a user name and a password/],
    ['proxyWithWrongCredentials', /does not accept the user name and password/],
  ] as const) {
    it(`says why: ${network}`, async () => {
      await refused({ world: { network: [network, 'privateCa'] }, message });
    });
  }
});

const oidcLines = lines(
  'OIDC Discovery URL: http',
  'Issuer: http',
  'Subject: sc://.*/Shop/infisical',
  'Audiences: api://AzureADTokenExchange',
);
const trusting =
  (change: (auth: NonNullable<NetworkWorld['machine']['oidcAuth']>) => void) => (world: NetworkWorld) => {
    assert.ok(world.machine.oidcAuth);
    change(world.machine.oidcAuth);
  };

const refusals: NetworkRefusal[] = [
  {
    title: 'an issuer that the machine identity does not trust',
    world: { auth: 'oidc' },
    prepare: trusting((auth) => (auth.boundIssuer = 'https://vstoken.dev.azure.com/other')),
    message: new RegExp(`the issuer of the job’s token is not the one.*${oidcLines.source}`, 's'),
  },
  {
    title: 'a subject that the machine identity does not trust',
    world: { auth: 'oidc' },
    prepare: trusting((auth) => (auth.boundSubject = 'sc://example-org/Shop/another')),
    message: new RegExp(`the subject of the job’s token is not the one.*${oidcLines.source}`, 's'),
  },
  {
    title: 'an audience that the machine identity does not trust',
    world: { auth: 'oidc' },
    prepare: trusting((auth) => (auth.boundAudiences = 'api://another')),
    message: new RegExp(`the audience of the job’s token is not one.*${oidcLines.source}`, 's'),
  },
  {
    title: 'the subject of the Entra issuer, which is another one',
    world: { auth: 'oidc', issuer: 'entra' },
    prepare: trusting((auth) => (auth.boundSubject = 'sc://example-org/Shop/infisical')),
    message: /the subject of the job’s token.*Subject: \/eid1\/c\/pub\/t\//s,
  },
  {
    title: 'a machine identity ID that nobody has',
    world: { auth: 'oidc' },
    options: { connection: { parameters: { identityId: '11111111-2222-4333-8444-555555555555' } } },
    message: /no machine identity with this ID that signs in with OIDC Auth/,
  },
  {
    title: 'a machine identity ID that is none',
    world: { auth: 'oidc' },
    options: { connection: { parameters: { identityId: 'pipelines' } } },
    message: /its machine identity ID is not a UUID/,
  },
  {
    title: 'an Azure DevOps Server without OIDC tokens',
    world: { auth: 'oidc', azureDevOps: 'server-2022' },
    message: /names no address that gives such tokens \(System\.OidcRequestUri\).*before 2022\.1/,
  },
  {
    title: 'a sub-organization that is not there',
    options: {
      connection: { data: { organizationSlug: 'nowhere' } },
    },
    message: /has no sub-organization "nowhere"/,
  },
  {
    title: 'a federated credential that Entra does not have',
    world: { connectionType: 'entra' },
    prepare: (world) => (world.application.federatedCredentials.length = 0),
    message: lines(
      'found no federated credential for this token',
      'Issuer: http',
      'Subject identifier: sc://.*/Shop/other organization',
      'Audience: api://AzureADTokenExchange',
      '\\(status 401, AADSTS7',
    ),
  },
  {
    title: 'an application of several tenants',
    world: { connectionType: 'entra' },
    prepare: (world) => (world.application.isMultiTenant = true),
    message: /only to applications of a single tenant/,
  },
  {
    title: 'an application that the tenant does not have',
    world: { connectionType: 'entra' },
    options: {
      azureDevOpsConnection: { parameters: { tenantid: 'nowhere.example', serviceprincipalid: 'app' } },
    },
    message: /has no tenant "nowhere\.example"/,
  },
  {
    title: 'a Conditional Access policy of Entra',
    world: { connectionType: 'entra' },
    prepare: (world) => (world.application.isBlockedByPolicy = true),
    message: /Conditional Access policy of Microsoft Entra blocks the application.*AADSTS53003/,
  },
  {
    title: 'a Conditional Access policy of the organization',
    world: { connectionType: 'personalAccessToken' },
    prepare: (world) => (world.writer.isBlockedByPolicy = true),
    message: /Conditional Access policy of Microsoft Entra blocks the owner of the personal access token/,
  },
  {
    title: 'a service principal that nobody added to the organization',
    world: { connectionType: 'entra' },
    prepare: (world) => (world.writer.isMember = false),
    message: /did not accept the Entra token of the service principal.*Organization settings › Users/,
  },
  {
    title: 'a personal access token that has expired',
    world: { connectionType: 'personalAccessToken' },
    prepare: (world) => (world.writer.expired = true),
    message: /did not accept the personal access token of azureDevOpsTokenConnection.*scopes Variable Groups/,
  },
  {
    title: 'a personal access token without the scope',
    world: { connectionType: 'personalAccessToken' },
    prepare: (world) => (world.writer.scopes = ['vso.code']),
    message: /did not accept the personal access token.*lacks a scope/,
  },
  {
    title: 'a project of another organization that the token’s owner does not see',
    world: { connectionType: 'personalAccessToken' },
    prepare: (world) => (world.writer.projects = []),
    message:
      /has no project "Shop", or the owner of the personal access token.*Make that person a member of the project/,
  },
  {
    title: 'a project that the limited scope of the job hides',
    prepare: (world) => {
      world.ado.addProject({ name: 'Other' });
      world.build.projects = ['Shop'];
    },
    inputs: { azureDevOpsProject: 'Other' },
    message:
      /has no project "Other", or "Shop Build Service \(example-org\)" may not see it.*Limit job authorization scope/,
  },
  {
    title: 'no Creator role of a service principal',
    world: { connectionType: 'entra' },
    prepare: (world) => (world.writer.library = 'reader'),
    message: /^the service principal of azureDevOpsConnection may not create variable groups.*Creator role/i,
  },
  {
    title: 'no Creator role of the job, which may be one of two identities',
    prepare: (world) => (world.build.library = 'reader'),
    message:
      /^"Shop Build Service \(example-org\)" may not create.*do this for "Project Collection Build Service \(example-org\)" instead/,
  },
  {
    title: 'no project named in another organization',
    world: { connectionType: 'entra' },
    inputs: { azureDevOpsProject: '' },
    message: /azureDevOpsProject: is empty, but this pipeline does not run in "[^"]+other-org\/"/,
  },
  {
    title: 'an organization that does not exist, which Azure DevOps does not find',
    world: { connectionType: 'personalAccessToken' },
    prepare: misspelled,
    options: { azureDevOpsConnection: misspelledOrganization },
    message:
      /found nothing at "[^"]+\/othr-org\/" when asked to read the variable group "shop-prod" in project "Shop"\. Check the URL of the service connection in azureDevOpsTokenConnection\. It must end with the organization, as in https:\/\/dev\.azure\.com\/example.*status 404/,
  },
  {
    title: 'a project in the address of the organization',
    world: { connectionType: 'entra' },
    options: { azureDevOpsConnection: { url: 'https://dev.azure.com/other-org/Shop' } },
    message:
      /azureDevOpsConnection: its URL names the project "Shop" after the organization\. Use "https:\/\/dev\.azure\.com\/other-org" as the URL/,
  },
  {
    title: 'everything that is wrong with both connections at once',
    world: { connectionType: 'personalAccessToken' },
    options: {
      connection: { scheme: 'None', parameters: { requestHeaders: 'Host: canary-header-Qm38' } },
      azureDevOpsConnection: { url: 'https://dev.azure.com/', parameters: {} },
    },
    message: /identity ID is empty.*sets "Host".*token is empty.*names no organization/s,
  },
  {
    title: 'the other region, where nobody has that client ID',
    world: { network: 'cloud' },
    options: { connection: { url: 'https://eu.infisical.com' } },
    message:
      /^Infisical at "eu\.infisical\.com" refused.*the identity’s region \(https:\/\/app\.infisical\.com or https:\/\/eu\.infisical\.com\)/,
  },
  {
    title: 'a name that does not resolve',
    options: { connection: { url: 'https://infisical.invalid' } },
    message:
      /Infisical at "infisical\.invalid" gave no answer: its name (?:does not resolve|could not be resolved)/,
  },
];

describe('no way in', () => {
  before(needsOf('cloud'));

  for (const refusal of refusals) {
    it(`says why: ${refusal.title}`, async () => {
      await refused(refusal);
    });
  }
});
