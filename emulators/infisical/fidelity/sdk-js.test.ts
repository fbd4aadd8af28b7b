import assert from 'node:assert/strict';
import { loads } from '../../on-demand/on-demand.js';
import {
  clientId,
  clientSecret,
  dev,
  get,
  projectId,
  valuesOf,
  withServer,
  type Listed,
  type List,
} from './sample.js';

interface Options {
  projectId: string;
  environment: string;
  secretPath?: string;
  recursive?: boolean;
  expandSecretReferences?: boolean;
  includeImports?: boolean;
  viewSecretValue?: boolean;
}

interface Sdk {
  auth: () => {
    universalAuth: {
      login: (options: { clientId: string; clientSecret: string }) => Promise<Sdk>;
      renew: () => Promise<Sdk>;
    };
    accessToken: (token: string) => Sdk;
    getAccessToken: () => string | null;
  };
  secrets: () => {
    listSecrets: (options: Options) => Promise<List>;
    listSecretsWithImports: (options: Options) => Promise<Listed[]>;
    getSecret: (options: Options & { secretName: string }) => Promise<Listed>;
  };
  folders: () => {
    listFolders: (options: {
      projectId: string;
      environment: string;
      path: string;
    }) => Promise<{ name: string }[]>;
  };
}

interface JsSdk {
  InfisicalSDK: new (options: { siteUrl: string }) => Sdk;
}

const usual = { projectId, environment: 'dev' };
const profiles = ['v4-2026', 'v4-none', 'legacy-2024'] as const;

describe('@infisical/sdk 5.0.2, unchanged', () => {
  let InfisicalSDK: JsSdk['InfisicalSDK'];
  const signedIn = (url: string): Promise<Sdk> =>
    new InfisicalSDK({ siteUrl: url }).auth().universalAuth.login({ clientId, clientSecret });

  before(
    loads('infisical-sdk-js', (sdk) => {
      ({ InfisicalSDK } = sdk as JsSdk);
    }),
  );

  for (const profile of profiles) {
    describe(`against ${profile}`, () => {
      it('signs in and lists a folder with references resolved', () =>
        withServer({ profile }, async (server) => {
          const sdk = await signedIn(server.url);

          const list = await sdk.secrets().listSecrets({ ...usual, expandSecretReferences: true });

          assert.deepEqual(valuesOf(list.secrets), {
            HOST: 'db.internal',
            PEM: 'line one\nline two\n',
            URL: 'db://db.internal/orders',
          });
        }));

      it('lists folders below, and references as they are', () =>
        withServer({ profile }, async (server) => {
          const sdk = await signedIn(server.url);

          const list = await sdk
            .secrets()
            .listSecrets({ ...usual, recursive: true, expandSecretReferences: false, secretPath: '/' });

          assert.deepEqual(list.secrets.map(({ secretPath }) => secretPath).sort(), [
            '/',
            '/',
            '/',
            '/api',
            '/first',
            '/second',
            '/second',
          ]);
          assert.equal(
            list.secrets.find(({ secretKey }) => secretKey === 'URL')?.secretValue,
            'db://${HOST}/${dev.api.NAME}',
          );
        }));

      it('gets the imports in their order, but lets the first one win where Infisical lets the last', () =>
        withServer({ profile }, async (server) => {
          const sdk = await signedIn(server.url);

          const list = await sdk.secrets().listSecrets({ ...usual, includeImports: true });
          const merged = valuesOf(await sdk.secrets().listSecretsWithImports(usual));
          const query = `workspaceId=${projectId}&environment=dev&include_imports=true`;
          const single = await get(server, `/api/v3/secrets/raw/BOTH?${query}`);

          assert.deepEqual(
            list.imports.map(({ secretPath }) => secretPath),
            ['/first', '/second'],
          );
          assert.equal(merged['BOTH'], 'first');
          assert.equal((single.body as { secret: Listed }).secret.secretValue, 'second');
        }));

      it('lets a local secret win over imports, as Infisical does', () =>
        withServer({ profile }, async (server) => {
          const sdk = await signedIn(server.url);

          const merged = valuesOf(await sdk.secrets().listSecretsWithImports(usual));

          assert.equal(merged['HOST'], 'db.internal');
        }));

      it('gets one secret by its name', () =>
        withServer({ profile }, async (server) => {
          const sdk = await signedIn(server.url);

          const secret = await sdk.secrets().getSecret({ ...usual, secretName: 'PEM', secretPath: '/' });

          assert.equal(secret.secretValue, 'line one\nline two\n');
        }));

      it('lists the folders of a folder', () =>
        withServer({ profile }, async (server) => {
          const sdk = await signedIn(server.url);

          const folders = await sdk.folders().listFolders({ ...usual, path: '/' });

          assert.deepEqual(
            folders.map(({ name }) => name),
            ['api', 'first', 'second'],
          );
        }));
    });
  }

  const refusals: [profile: (typeof profiles)[number], status: number][] = [
    ['v4-2026', 401],
    ['legacy-2024', 403],
  ];
  for (const [profile, status] of refusals) {
    it(`reports a wrong client secret with the status ${String(status)} of ${profile}`, () =>
      withServer({ profile }, async (server) => {
        const sdk = new InfisicalSDK({ siteUrl: server.url });

        await assert.rejects(sdk.auth().universalAuth.login({ clientId, clientSecret: 'wrong' }), {
          name: 'InfisicalSDKRequestError',
          message: new RegExp(`\\[StatusCode=${String(status)}\\] Invalid credentials$`),
        });
      }));
  }

  it('reports a mistyped path on a server of today, and takes it for an empty folder on one of 2024', async () => {
    const mistyped = { ...usual, secretPath: '/nope' };
    await withServer({ profile: 'v4-2026' }, async (server) => {
      const sdk = await signedIn(server.url);

      await assert.rejects(sdk.secrets().listSecrets(mistyped), {
        name: 'InfisicalSDKRequestError',
        message: /\[StatusCode=404\] Folder with path '\/nope' in environment 'dev' was not found\./,
      });
    });
    await withServer({ profile: 'legacy-2024' }, async (server) => {
      const sdk = await signedIn(server.url);

      assert.deepEqual(await sdk.secrets().listSecrets(mistyped), { secrets: [], imports: [] });
    });
  });

  it('renews a token: today it is a new one, in 2024 the same', async () => {
    for (const profile of ['v4-2026', 'legacy-2024'] as const) {
      let nowMs = Date.now();
      await withServer({ profile, now: () => nowMs }, async (server) => {
        server.addMachineIdentity({
          name: 'renewable',
          universalAuth: { clientId: 'renewable', clientSecret },
          tokens: { ttl: 60, maxTtl: 3600 },
          projects: { shop: 'viewer' },
        });
        const universal = { clientId: 'renewable', clientSecret };
        const sdk = await new InfisicalSDK({ siteUrl: server.url }).auth().universalAuth.login(universal);
        const before = sdk.auth().getAccessToken();
        nowMs += 50_000;

        const renewed = await sdk.auth().universalAuth.renew();

        nowMs += 50_000;
        assert.equal(renewed.auth().getAccessToken() === before, profile === 'legacy-2024');
        assert.equal((await renewed.secrets().listSecrets(usual)).secrets.length, 3);
      });
    }
  });

  it('tries again when the server says "later", and gets the list once the minute is over', async () => {
    let nowMs = Date.now();
    const options = { rateLimit: { secret: 1 }, now: () => nowMs };
    await withServer(options, async (server) => {
      const sdk = await signedIn(server.url);
      await sdk.secrets().listSecrets(usual);
      let tries = 0;
      server.faults.addHook({ path: /raw$/, times: 2 }, () => {
        tries += 1;
        if (tries === 2) nowMs += 60_000;
      });

      const list = await sdk.secrets().listSecrets(usual);

      assert.equal(list.secrets.length, 3);
      assert.deepEqual(
        server.requests.map(({ status }) => status),
        [200, 200, 429, 200],
      );
    });
  });

  it('gets a value that is hidden as the mark for hidden values', () =>
    withServer({ profile: 'v4-2026', permission: 'go', role: describeOnly }, async (server) => {
      const sdk = await signedIn(server.url);

      const list = await sdk.secrets().listSecrets(usual);

      assert.deepEqual(
        [
          ...new Set(
            list.secrets.map(({ secretValue, secretValueHidden }) => [secretValue, secretValueHidden].join()),
          ),
        ],
        ['<hidden-by-infisical>,true'],
      );
    }));

  it('gets what an imported folder imports itself', () =>
    withServer({ profile: 'v4-2026' }, async (server) => {
      server.setSecret(dev('/deep'), 'DEEP', 'deep');
      server.addImport(dev('/second'), { environment: 'dev', path: '/deep' });
      const sdk = await signedIn(server.url);

      const merged = valuesOf(await sdk.secrets().listSecretsWithImports(usual));

      assert.equal(merged['DEEP'], 'deep');
    }));
});

const describeOnly = { rules: [{ actions: ['describeSecret' as const] }] };
