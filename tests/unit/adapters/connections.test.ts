import assert from 'node:assert/strict';
import { isSameCollection } from '#task/adapters/azure-devops/collection.js';
import { parseEntraConnection, tokenIdentity } from '#task/adapters/azure-devops/sign-in/connections.js';
import { parseInfisicalConnection } from '#task/adapters/infisical/connection.js';
import { aServiceConnection, aToken } from '../../support/builders.js';

describe('parseInfisicalConnection', () => {
  const connection = (url: string, rest = {}) => aServiceConnection({ url, ...rest });
  const urls: [string, string][] = [
    ['https://app.infisical.com', 'https://app.infisical.com'],
    ['https://app.infisical.com/', 'https://app.infisical.com'],
    ['https://host:8443/infisical/', 'https://host:8443/infisical'],
    ['https://host/infisical/api', 'https://host/infisical'],
    [' http://127.0.0.1:8080/api/ ', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ];
  for (const [url, expected] of urls) {
    it(`takes ${url}`, () => {
      assert.equal(parseInfisicalConnection(connection(url)).baseUrl, expected);
    });
  }

  for (const [url, why] of [
    ['infisical', /is not an address/],
    ['ftp://host', /is not an address/],
    ['https://user:pass@host', /contains a user name or a password/],
  ] as const) {
    it(`refuses ${url}`, () => {
      assert.throws(() => parseInfisicalConnection(connection(url)), { name: 'ConfigError', message: why });
    });
  }

  it('says everything that is wrong at once', () => {
    const broken = connection('nowhere', { scheme: 'UsernamePassword', parameters: {} });

    assert.throws(() => parseInfisicalConnection(broken), {
      message: /not an address.*client ID is empty.*client secret is empty/s,
    });
    assert.throws(() => parseInfisicalConnection(connection('https://h', { parameters: {} })), {
      message: /access token is empty/,
    });
  });

  it('finds parameters whatever their case', () => {
    const { auth } = parseInfisicalConnection(
      connection('https://h', { parameters: { ApiToken: ' a-token-with-blanks-around ' } }),
    );

    assert.equal(auth.kind === 'token' && auth.accessToken.reveal(), 'a-token-with-blanks-around');
  });

  it('takes a machine identity that stores nothing, for OIDC Auth', () => {
    const identityId = '1F0c9a7e-1b2d-4e3f-8a9b-0c1d2e3f4a5b';
    const oidc = aServiceConnection({ scheme: 'None', parameters: { identityId: ` ${identityId} ` } });

    assert.deepEqual(parseInfisicalConnection(oidc).auth, { kind: 'oidc', identityId });
    assert.throws(
      () =>
        parseInfisicalConnection(
          aServiceConnection({ scheme: 'None', parameters: { identityId: 'pipelines' } }),
        ),
      { message: /machine identity ID is not a UUID/ },
    );
    assert.throws(() => parseInfisicalConnection(aServiceConnection({ scheme: 'None', parameters: {} })), {
      message: /machine identity ID is empty/,
    });
  });

  it('takes the slug of a sub-organization and headers for a gateway', () => {
    const parsed = parseInfisicalConnection(
      aServiceConnection({
        parameters: {
          apitoken: aToken,
          requestHeaders: 'CF-Access-Client-Id: id\r\n\nX-Key:  a: b \n',
        },
        data: { organizationSlug: ' sub ' },
      }),
    );

    assert.equal(parsed.organizationSlug, 'sub');
    assert.deepEqual(
      parsed.requestHeaders.map(({ name, value }) => [name, value.reveal()]),
      [
        ['CF-Access-Client-Id', 'id'],
        ['X-Key', 'a: b'],
      ],
    );
  });

  for (const [headers, why] of [
    ['no colon here', /line 1 of its extra request headers is not of the form "Name: value"/],
    ['A: 1\n: secret-value', /line 2 .* is not of the form/],
    ['A:', /line 1 .* is not of the form/],
    ['b ad: secret-value', /line 1 .* is not of the form/],
    ['Authorization: secret-value', /sets "Authorization", which this task sets itself/],
    ['Proxy-Authorization: secret-value', /sets "Proxy-Authorization"/],
    ['Content-Length: secret-value', /sets "Content-Length"/],
    ['X: secret-value\u0000', /gives "X" a value that no header can have/],
    ['X: secret-value–', /gives "X" a value that no header can have/],
    ['X: 1\nx: secret-value', /name "x" twice/],
  ] as const) {
    it(`refuses the headers ${JSON.stringify(headers)}, and tells no value`, () => {
      const parameters = { apitoken: aToken, requestHeaders: headers };

      assert.throws(
        () => parseInfisicalConnection(aServiceConnection({ parameters })),
        (error: Error) => why.test(error.message) && !error.message.includes('secret-value'),
      );
    });
  }
});

describe('an address that holds more than that', () => {
  const secret = 'a-token-in-the-address';
  for (const more of [`?access_token=${secret}`, `#${secret}`, '?', `/?x#${secret}`]) {
    it(`is refused, and not shown: ${more.slice(0, 14)}`, () => {
      const url = `https://host/org${more}`;
      const entra = {
        scheme: 'WorkloadIdentityFederation',
        parameters: { tenantid: 't', serviceprincipalid: 'a' },
      };
      for (const parse of [
        () => parseInfisicalConnection(aServiceConnection({ url })),
        () => tokenIdentity(aServiceConnection({ url })),
        () => parseEntraConnection(aServiceConnection({ url, ...entra })),
      ])
        assert.throws(
          parse,
          ({ message }: Error) =>
            message.includes('contains a query or a fragment') && !message.includes(secret),
        );
    });
  }
});

describe('parseEntraConnection', () => {
  const entra = (rest: Parameters<typeof aServiceConnection>[0] = {}) =>
    aServiceConnection({
      url: 'https://dev.azure.com/other/',
      scheme: 'WorkloadIdentityFederation',
      parameters: { tenantid: 'tenant-1', serviceprincipalid: 'app-1' },
      ...rest,
    });

  it('takes tenant, application and organization, and the authority of its cloud', () => {
    assert.deepEqual(
      parseEntraConnection(entra({ data: { activeDirectoryAuthority: 'https://login.cloud/' } })),
      {
        id: aServiceConnection().id,
        collectionUrl: 'https://dev.azure.com/other/',
        tenantId: 'tenant-1',
        clientId: 'app-1',
        input: 'azureDevOpsConnection',
        authority: 'https://login.cloud',
      },
    );
    assert.equal(parseEntraConnection(entra()).authority, 'https://login.microsoftonline.com');
  });

  it('says everything that is wrong at once', () => {
    const broken = entra({
      url: 'https://dev.azure.com',
      scheme: 'Token',
      parameters: {},
      data: { activeDirectoryAuthority: 'x' },
    });

    assert.throws(() => parseEntraConnection(broken), {
      message:
        /not workload identity federation.*no tenant.*no service principal.*authority is not a plain address.*names no organization/s,
    });
  });

  for (const tenantid of ['..', '.', 'a/b', 'a b', '-a', 'tenant.']) {
    it(`refuses a tenant that would lead elsewhere: ${tenantid}`, () => {
      const broken = entra({ parameters: { tenantid, serviceprincipalid: 'app-1' } });

      assert.throws(() => parseEntraConnection(broken), { message: /its tenant ".*" is neither an ID nor/ });
    });
  }

  for (const authority of ['https://user@login.cloud', 'https://login.cloud?x=', 'https://login.cloud/#x']) {
    it(`refuses an authority that is more than an address: ${authority}`, () => {
      const broken = entra({ data: { activeDirectoryAuthority: authority } });

      assert.throws(() => parseEntraConnection(broken), { message: /its authority is not a plain address/ });
    });
  }
});

describe('tokenIdentity', () => {
  const token = (rest: Parameters<typeof aServiceConnection>[0] = {}) =>
    aServiceConnection({ url: 'https://dev.azure.com/other', ...rest });

  it('signs in with the token as a password, and has both masked', async () => {
    const identity = tokenIdentity(token());

    assert.equal(
      (await identity.authorization()).reveal(),
      `Basic ${Buffer.from(`:${aToken}`).toString('base64')}`,
    );
    assert.deepEqual(
      identity.secrets.map((secret) => secret.reveal()),
      [aToken, Buffer.from(`:${aToken}`).toString('base64')],
    );
  });

  it('signs in with user name and password, for servers', async () => {
    const identity = tokenIdentity(
      token({ scheme: 'UsernamePassword', parameters: { username: 'u', password: 'p' } }),
    );

    assert.equal((await identity.authorization()).reveal(), `Basic ${Buffer.from('u:p').toString('base64')}`);
  });

  for (const [url, why] of [
    ['https://dev.azure.com/', /names no organization or collection/],
    ['nowhere', /is not an address/],
    ['https://u:p@server/tfs/C', /contains a user name or a password/],
  ] as const) {
    it(`refuses ${url}`, () => {
      assert.throws(() => tokenIdentity(token({ url })), { name: 'ConfigError', message: why });
    });
  }

  it('takes the old address of an organization, which has no path', () => {
    assert.equal(
      tokenIdentity(token({ url: 'https://other.visualstudio.com' })).collectionUrl,
      'https://other.visualstudio.com',
    );
  });

  it('refuses another scheme and an empty token', () => {
    assert.throws(() => tokenIdentity(token({ scheme: 'OAuth2', parameters: {} })), {
      message: /scheme "OAuth2" is not supported\. Choose.*token is empty/s,
    });
  });
});

describe('isSameCollection', () => {
  for (const [one, other, expected] of [
    ['https://dev.azure.com/Org/', 'https://dev.azure.com/org', true],
    ['https://org.visualstudio.com', 'https://dev.azure.com/ORG/', true],
    ['https://org.visualstudio.com/DefaultCollection/', 'https://dev.azure.com/org/', true],
    ['https://dev.azure.com/org/', 'https://dev.azure.com/other/', false],
    ['https://server/tfs/A/', 'https://server/tfs/B/', false],
    ['https://server:8080/tfs/A', 'https://server/tfs/A', false],
  ] as const) {
    it(`${one} and ${other}: ${expected ? 'one' : 'two'}`, () => {
      assert.equal(isSameCollection(one, other), expected);
    });
  }
});

describe('parseInfisicalConnection with Azure Auth', () => {
  const azure = (parameters: Record<string, string>) =>
    aServiceConnection({
      scheme: 'Certificate',
      parameters: { identityId: '1f0c9a7e-1b2d-4e3f-8a9b-0c1d2e3f4a5b', ...parameters },
    });

  it('takes the token of the managed identity for Azure Resource Manager unless it is told otherwise', () => {
    assert.deepEqual(parseInfisicalConnection(azure({ certificate: '' })).auth, {
      kind: 'azure',
      identityId: '1f0c9a7e-1b2d-4e3f-8a9b-0c1d2e3f4a5b',
      tokenOf: 'managedIdentity',
      managedIdentity: { clientId: '', resource: 'https://management.azure.com/' },
    });
    assert.deepEqual(
      parseInfisicalConnection(
        azure({ authenticationType: 'azureConnection', audience: 'api://x', managedIdentityClientId: 'c' }),
      ).auth,
      {
        kind: 'azure',
        identityId: '1f0c9a7e-1b2d-4e3f-8a9b-0c1d2e3f4a5b',
        tokenOf: 'azureConnection',
        managedIdentity: { clientId: 'c', resource: 'api://x' },
      },
    );
  });

  it('says everything that is wrong at once', () => {
    assert.throws(() => parseInfisicalConnection(azure({ identityId: '', authenticationType: 'x' })), {
      message: /machine identity ID is empty.*"Token of" is "x"/s,
    });
  });
});
