import assert from 'node:assert/strict';
import { addressesOf, plainHttpWarnings } from '#task/wiring/plain-http.js';
import { parseInfisicalConnection } from '#task/adapters/infisical/connection.js';
import { aConfig, anIdentity, aServiceConnection } from '../../support/builders.js';

describe('plainHttpWarnings', () => {
  const warned = (address: string): boolean => plainHttpWarnings([['It', address]]).length > 0;
  for (const [address, expected] of [
    ['http://infisical.example/sub', true],
    ['http://10.0.0.1:8080', true],
    ['http://128.0.0.1', true],
    ['http://localhost.example', true],
    ['https://infisical.example', false],
    ['http://localhost:8080', false],
    ['http://127.0.0.1', false],
    ['http://127.1.2.3', false],
    ['http://[::1]:1', false],
    ['', false],
  ] as const) {
    it(`${expected ? 'warns' : 'says nothing'} of ${address}`, () => {
      assert.equal(warned(address), expected);
    });
  }

  it('names each host once, by the first service that is there', () => {
    assert.deepEqual(
      plainHttpWarnings([
        ['Azure DevOps', 'http://tfs/tfs/c'],
        ['The OIDC token service of Azure DevOps', 'http://tfs/oidc'],
        ['Microsoft Entra', 'http://login'],
      ]).map((warning) => warning.slice(0, warning.indexOf(' uses'))),
      ['Azure DevOps at "tfs"', 'Microsoft Entra at "login"'],
    );
  });
});

describe('addressesOf', () => {
  const { destination } = aConfig();
  const toRun = { kind: 'pipelineVariables', setAsOutput: false } as const;
  const agentRun = { oidcRequestUri: 'http://oidc' } as Parameters<typeof addressesOf>[1]['agentRun'];
  const by = (kind: 'token' | 'oidc') =>
    parseInfisicalConnection(
      aServiceConnection(
        kind === 'token'
          ? {}
          : { scheme: 'None', parameters: { identityId: '1f0c9a7e-1b2d-4e3f-8a9b-0c1d2e3f4a5b' } },
      ),
    );
  const known = { kind: 'known', identity: anIdentity('http://collection/') } as const;
  const entra = {
    kind: 'entra',
    connection: {
      id: 'c',
      input: 'azureDevOpsConnection',
      collectionUrl: 'http://other/',
      tenantId: 't',
      clientId: 'a',
      authority: 'http://login',
    },
  } as const;
  const hosts = (...[config, surroundings]: Parameters<typeof addressesOf>): string[] =>
    addressesOf(config, surroundings).map(([, address]) => new URL(address).host);

  it('are those that a credential is sent to, and no others', () => {
    const token = { infisical: by('token'), agentRun };
    const oidc = { infisical: by('oidc'), agentRun };

    assert.deepEqual(hosts({ destination }, { ...token, azureDevOps: known }), [
      'infisical.example',
      'collection',
    ]);
    assert.deepEqual(hosts({ destination }, { ...token, azureDevOps: entra }), [
      'infisical.example',
      'other',
      'login',
      'oidc',
    ]);
    assert.deepEqual(hosts({ destination: toRun }, { ...token, azureDevOps: known }), ['infisical.example']);
    assert.deepEqual(hosts({ destination: toRun }, { ...oidc, azureDevOps: known }), [
      'infisical.example',
      'oidc',
    ]);
  });
});
