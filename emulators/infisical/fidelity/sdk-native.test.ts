import assert from 'node:assert/strict';
import { loads } from '../../on-demand/on-demand.js';
import { clientId, clientSecret, dev, projectId, valuesOf, withServer, type Listed } from './sample.js';

interface ListOptions {
  projectId: string;
  environment: string;
  path?: string;
  recursive?: boolean;
  expandSecretReferences?: boolean;
  includeImports?: boolean;
}

interface Client {
  listSecrets(options: ListOptions): Promise<Listed[]>;
  getSecret(options: ListOptions & { secretName: string }): Promise<Listed>;
}

interface NativeSdk {
  InfisicalClient: new (settings: Record<string, unknown>) => Client;
}

const usual = { projectId, environment: 'dev' };
const profiles = ['v4-2026', 'v4-none', 'legacy-2024'] as const;

describe('@infisical/sdk 2.3.5, unchanged', () => {
  let InfisicalClient: NativeSdk['InfisicalClient'];
  const client = (url: string, secret = clientSecret): Client =>
    new InfisicalClient({
      siteUrl: url,
      auth: { universalAuth: { clientId, clientSecret: secret } },
      cacheTtl: 0,
    });

  before(
    loads('infisical-sdk-native', (sdk) => {
      ({ InfisicalClient } = sdk as NativeSdk);
    }),
  );

  for (const profile of profiles) {
    describe(`against ${profile}`, () => {
      it('signs in and lists a folder with references resolved', () =>
        withServer({ profile }, async (server) => {
          const secrets = await client(server.url).listSecrets({
            ...usual,
            path: '/',
            expandSecretReferences: true,
            includeImports: false,
          });

          assert.deepEqual(valuesOf(secrets), {
            HOST: 'db.internal',
            PEM: 'line one\nline two\n',
            URL: 'db://db.internal/orders',
          });
        }));

      it('lets the first import win where Infisical lets the last, and local secrets over both', () =>
        withServer({ profile }, async (server) => {
          const secrets = await client(server.url).listSecrets({
            ...usual,
            path: '/',
            includeImports: true,
          });

          const values = valuesOf(secrets);
          assert.equal(values['BOTH'], 'first');
          assert.equal(values['HOST'], 'db.internal');
        }));

      it('lists folders below, with a JSON body on its GET', () =>
        withServer({ profile }, async (server) => {
          const secrets = await client(server.url).listSecrets({
            ...usual,
            path: '/',
            recursive: true,
            includeImports: false,
          });

          assert.equal(valuesOf(secrets)['NAME'], 'orders');
          const request = server.requests.at(-1);
          assert.match(`${String(request?.method)} ${String(request?.body)}`, /^GET \{"environment":"dev"/);
        }));

      it('gets one secret by its name', () =>
        withServer({ profile }, async (server) => {
          const secret = await client(server.url).getSecret({ ...usual, path: '/', secretName: 'PEM' });

          assert.equal(secret.secretValue, 'line one\nline two\n');
        }));
    });
  }

  it('reports a wrong client secret', () =>
    withServer({ profile: 'v4-2026' }, async (server) => {
      const stranger = client(server.url, 'wrong');

      await assert.rejects(() => stranger.listSecrets(usual), {
        name: 'Error',
        message: /Invalid credentials/,
      });
      assert.deepEqual(
        server.requests.map(({ status }) => status),
        [401],
      );
    }));

  it('takes a mistyped path for a secret that is not there', () =>
    withServer({ profile: 'v4-2026' }, async (server) => {
      await assert.rejects(client(server.url).listSecrets({ ...usual, path: '/nope' }), {
        name: 'Error',
        message: "Secret with name '' not found.",
      });
    }));

  it('fails on the import without folderId that a deleted folder leaves on a server of 2024', () =>
    withServer({ profile: 'legacy-2024' }, async (server) => {
      server.addProject({ slug: 'broken', id: 'broken', environments: ['dev'] }).addFolder('dev', '/kept');
      server.addImport(dev('/importer'), { environment: 'dev', path: '/gone' });
      server.addImport(dev('/importer'), { environment: 'dev', path: '/second' });

      await assert.rejects(
        client(server.url).listSecrets({ ...usual, path: '/importer', includeImports: true }),
        { name: 'Error', message: /folderId/ },
      );
    }));
});
