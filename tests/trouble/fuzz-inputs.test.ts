import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { agentNetwork } from '#task/adapters/agent/network.js';
import { parseEntraConnection, tokenIdentity } from '#task/adapters/azure-devops/sign-in/connections.js';
import { parseInfisicalConnection } from '#task/adapters/infisical/connection.js';
import { parseConfig } from '#task/config/config.js';
import { inputNames, readInputs } from '#task/config/inputs.js';
import { desiredVariables } from '#task/domain/desired.js';
import { SyncError } from '#task/domain/errors.js';
import { SecretValue } from '#task/domain/secret-value.js';
import { mergeSource } from '#task/domain/source.js';
import { aListedSecret, aSchema, aScope, aServiceConnection, aToken } from '../support/builders.js';
import { hostileText, runs } from '../support/hostile.js';
import { assertInertLine } from '../support/inert.js';

const canary = 'canary-fuzz-Pq57Wd3Nz8Rk';

/** Runs what may refuse on purpose; a refusal has something to say, acts on nothing and tells no value. */
function refusalOf(what: () => unknown): string | undefined {
  try {
    what();
    return undefined;
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    error.message.split('\n').forEach(assertInertLine);
    assert.ok(error.message.length > 20 && !error.message.includes(canary));
    return error.message;
  }
}

describe('fuzzed inputs', () => {
  const valid = {
    infisicalConnection: 'c',
    infisicalProject: 'shop',
    environment: 'prod',
    variableGroup: 'g',
    secretPath: '/a',
    keySchema: 'A_{{secretKey}}',
    maxDeletions: '3',
    action: 'sync',
  };
  const broken = fc.dictionary(fc.constantFrom(...inputNames), hostileText, { maxKeys: 4 });

  it('give a configuration, or a message that names the input', () => {
    fc.assert(
      fc.property(broken, (changed) => {
        const given: Record<string, string> = { ...valid, ...changed };

        const refusal = refusalOf(() => {
          const { settings } = parseConfig(readInputs((name) => given[name]));
          assert.match(settings.syncName, /^(?:[a-z0-9]+(?:-[a-z0-9]+)*)?$/);
        });

        const named = refusal?.split('\n').slice(1) ?? [];
        assert.ok(named.every((line) => inputNames.some((name) => line.startsWith(`- ${name}: `))));
      }),
      runs(4_000),
    );
  });
});

describe('fuzzed service connections', () => {
  const parameters = fc.dictionary(
    fc.oneof(fc.constantFrom('apitoken', 'ApiToken', 'username', 'password', '__proto__'), hostileText),
    fc.oneof(hostileText, fc.constant(canary)),
    { maxKeys: 4 },
  );
  const url = fc.oneof(
    fc.webUrl(),
    hostileText,
    fc
      .tuple(fc.constantFrom('https://', 'http://h', 'https://u:p@'), hostileText)
      .map((parts) => parts.join('')),
  );

  it('give an address that joins with a path, or a message', () => {
    fc.assert(
      fc.property(
        url,
        fc.oneof(fc.constantFrom('Token', 'UsernamePassword'), hostileText),
        parameters,
        (address, scheme, given) => {
          refusalOf(() => {
            const { baseUrl } = parseInfisicalConnection(
              aServiceConnection({ url: address, scheme, parameters: given }),
            );
            const joined = new URL(`${baseUrl}/api/v4/secrets`);
            assert.match(joined.pathname, /\/api\/v4\/secrets$/);
            assert.equal(joined.username + joined.password, '');
          });
        },
      ),
      runs(4_000),
    );
  });
});

describe('fuzzed connections and networks', () => {
  const secret = hostileText.map((text) => `${canary}${text}`);

  it('give headers that HTTP can hold, or a message without a value', () => {
    const lines = fc.array(fc.tuple(hostileText, secret), { maxLength: 4 });
    fc.assert(
      fc.property(lines, (given) => {
        const requestHeaders = given.map((pair) => pair.join(':')).join('\n');
        refusalOf(() => {
          const connection = aServiceConnection({ parameters: { apitoken: aToken, requestHeaders } });
          for (const { name, value } of parseInfisicalConnection(connection).requestHeaders)
            new Headers().set(name, value.reveal());
        });
      }),
      runs(4_000),
    );
  });

  it('give an identity of Azure DevOps, or a message', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.webUrl(), hostileText),
        fc.oneof(fc.constantFrom('Token', 'UsernamePassword', 'WorkloadIdentityFederation'), hostileText),
        secret,
        (url, scheme, text) => {
          const parameters = { apitoken: text, username: text, password: text };
          refusalOf(() => {
            new URL(tokenIdentity(aServiceConnection({ url, scheme, parameters })).collectionUrl);
          });
          const entra = { tenantid: 't', serviceprincipalid: 's' };
          refusalOf(() => {
            const data = { activeDirectoryAuthority: url };
            new URL(
              parseEntraConnection(aServiceConnection({ url, scheme, parameters: entra, data })).authority,
            );
          });
        },
      ),
      runs(4_000),
    );
  });

  it('give a way to every address, or a message without a password', () => {
    const setting = fc.oneof(
      fc.webUrl(),
      hostileText,
      secret.map((text) => `http://user:${text}@proxy`),
    );
    fc.assert(
      fc.property(setting, setting, hostileText, (agentProxy, proxy, list) => {
        for (const env of [
          { AGENT_PROXYURL: agentProxy, AGENT_PROXYBYPASSLIST: list },
          { AGENT_PROXYURL: agentProxy, AGENT_PROXYBYPASSLIST: JSON.stringify([list]) },
          { HTTPS_PROXY: proxy, NO_PROXY: list },
        ])
          refusalOf(() =>
            agentNetwork(env, { proxy: new SecretValue(canary), clientCertificate: undefined }).proxyFor(
              new URL('https://infisical.example/api'),
            ),
          );
      }),
      runs(4_000),
    );
  });
});

describe('fuzzed secrets', () => {
  const value = fc
    .tuple(hostileText, fc.constantFrom('', '${', '${a.b}', '<hidden-by-infisical>', '$('))
    .map(([text, piece]) => `${canary}${text}${piece}`);
  const row = fc.record({ key: hostileText, value, path: hostileText, hidden: fc.boolean() });

  it('become variables, or a message without a value', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 6 }),
        fc.array(row, { maxLength: 3 }),
        fc.boolean(),
        (own, imported, recursive) => {
          const rows = (from: typeof own) =>
            from.map(({ key, value: text, path }) => aListedSecret(key, text, { path }));
          const imports = [{ environment: 'prod', path: '/i', secrets: rows(imported) }];
          refusalOf(() => {
            const { secrets } = mergeSource({ secrets: rows(own), imports }, aScope({ recursive }));
            const variables = desiredVariables(secrets, {
              keySchema: aSchema('A_{{secretKey}}'),
              plainTag: '',
            });
            assert.equal(new Set(variables.map(({ name }) => name.toLowerCase())).size, variables.length);
          });
        },
      ),
      runs(4_000),
    );
  });
});
