import assert from 'node:assert/strict';
import type { InfisicalEmulator } from '../emulator.js';
import type { Role } from '../identities.js';
import { dev, get, listTarget, withServer, type List, type StartOptions } from './sample.js';

async function importsAt(
  server: InfisicalEmulator,
  path: string,
  query: Record<string, string> = {},
): Promise<string[]> {
  const flags = { include_imports: 'true', expandSecretReferences: 'false', secretPath: path };
  const version = query['version'] === '3' ? 3 : 4;
  const { body } = await get(server, listTarget(version, { ...flags, ...query }));
  return (body as List).imports.map(
    ({ secretPath, secrets }) =>
      `${secretPath}: ${secrets.map(({ secretKey, secretValue }) => `${secretKey}=${secretValue}`).join(' ')}`,
  );
}

/** Folders `/a`, `/b`, … that hold one secret of their name and import one another. */
function chain(server: InfisicalEmulator, ...edges: string[]): void {
  for (const edge of edges) {
    const [from = '', to = ''] = edge.split('>');
    for (const name of [from, to]) server.setSecret(dev(`/${name}`), name.toUpperCase(), name);
    server.addImport(dev(`/${from}`), { environment: 'dev', path: `/${to}` });
  }
}

function withChain(
  edges: string[],
  test: (server: InfisicalEmulator) => Promise<void>,
  options: StartOptions & { role?: Role } = {},
): Promise<void> {
  return withServer(options, (server) => {
    chain(server, ...edges);
    return test(server);
  });
}

const on3 = { version: '3' };

describe('imports', () => {
  it('come by their position, whatever order they were made in', () =>
    withChain(['a>x', 'a>y'], async (server) => {
      const { imports } = server.addFolder(dev('/a'));
      for (const entry of imports) entry.position = 3 - entry.position;

      assert.deepEqual(await importsAt(server, '/a'), ['/y: Y=y', '/x: X=x']);
    }));

  it('list a name in every place where it is', () =>
    withServer({}, async (server) => {
      assert.deepEqual(await importsAt(server, '/'), [
        '/first: BOTH=first',
        '/second: BOTH=second HOST=imported-host',
      ]);
    }));

  it('bring what their source imports itself, below its own', () =>
    withChain(['a>b', 'b>c', 'b>d'], async (server) => {
      assert.deepEqual(await importsAt(server, '/a'), ['/b: B=b C=c D=d']);
    }));

  it('followed only the first of these in 2024', () =>
    withChain(
      ['a>b', 'b>c', 'b>d'],
      async (server) => {
        assert.deepEqual(await importsAt(server, '/a', on3), ['/b: B=b C=c']);
      },
      { profile: 'legacy-2024' },
    ));

  it('lose what is three imports away today, and did not in 2024', async () => {
    const edges = ['a>b', 'b>c', 'c>d'];
    await withChain(edges, async (server) => {
      assert.deepEqual(await importsAt(server, '/a'), ['/b: B=b C=c']);
    });
    await withChain(
      edges,
      async (server) => {
        assert.deepEqual(await importsAt(server, '/a', on3), ['/b: B=b C=c D=d']);
      },
      { profile: 'legacy-2024' },
    );
  });

  it('ended after ten levels in 2024', () => {
    const names = 'a b c d e f g h i j k l m'.split(' ');
    const edges = names.slice(1).map((name, index) => `${String(names[index])}>${name}`);
    return withChain(
      edges,
      async (server) => {
        assert.deepEqual(await importsAt(server, '/a', on3), ['/b: B=b C=c D=d E=e F=f G=g H=h I=i J=j K=k']);
      },
      { profile: 'legacy-2024' },
    );
  });

  it('in a circle end, and in 2024 brought back the folder’s own secrets', async () => {
    const edges = ['a>b', 'b>c', 'c>a'];
    await withChain(edges, async (server) => {
      assert.deepEqual(await importsAt(server, '/a'), ['/b: B=b C=c']);
    });
    await withChain(
      edges,
      async (server) => {
        assert.deepEqual(await importsAt(server, '/a', on3), ['/b: B=b C=c A=a']);
      },
      { profile: 'legacy-2024' },
    );
  });

  it('list a source once, however many folders import it', () =>
    withServer({}, async (server) => {
      server.addImport(dev('/api'), { environment: 'dev', path: '/first' });

      assert.deepEqual(await importsAt(server, '/', { recursive: 'true' }), [
        '/first: BOTH=first',
        '/second: BOTH=second HOST=imported-host',
      ]);
    }));

  it('of folders below come too with recursive, and nothing tells whose they are', () =>
    withServer({}, async (server) => {
      server.setSecret(dev('/third'), 'T', 't');
      server.addImport(dev('/api'), { environment: 'dev', path: '/third' });

      const entries = await importsAt(server, '/', { recursive: 'true' });

      assert.deepEqual(entries.toSorted(), [
        '/first: BOTH=first',
        '/second: BOTH=second HOST=imported-host',
        '/third: T=t',
      ]);
    }));

  for (const [profile, whole] of [
    ['v4-2026', '/b: B=b C=c'],
    ['v4-2025', '/b: B=b B=b of c C=c'],
  ] as const) {
    it(`hold one name ${profile === 'v4-2026' ? 'once' : 'twice unless references are expanded'} on ${profile}`, () =>
      withChain(
        ['a>b', 'b>c'],
        async (server) => {
          server.setSecret(dev('/c'), 'B', 'b of c');

          assert.deepEqual(await importsAt(server, '/a'), [whole]);
          assert.deepEqual(await importsAt(server, '/a', { expandSecretReferences: 'true' }), [
            '/b: B=b C=c',
          ]);
        },
        { profile },
      ));
  }

  it('from a folder that may not be read are there and empty', () => {
    const role: Role = { rules: [{ path: '/a', actions: ['describeSecret', 'readValue'] }] };
    return withChain(
      ['a>b'],
      async (server) => {
        assert.deepEqual(await importsAt(server, '/a'), ['/b: ']);
      },
      { role },
    );
  });

  it('from such a folder were missing in 2024', () => {
    const role: Role = { rules: [{ path: '/a', actions: ['describeSecret', 'readValue'] }] };
    return withChain(
      ['a>b'],
      async (server) => {
        assert.deepEqual(await importsAt(server, '/a', on3), []);
      },
      { role, profile: 'legacy-2024' },
    );
  });

  it('from a folder that is gone are there, empty and without folderId, and shift nobody', () =>
    withServer({}, async (server) => {
      server.addImport(dev('/a'), { environment: 'dev', path: '/gone' });
      server.addImport(dev('/a'), { environment: 'dev', path: '/first' });

      const { body } = await get(server, listTarget(4, { secretPath: '/a' }));

      assert.deepEqual(
        (body as List).imports.map((entry) => [entry.secretPath, 'folderId' in entry, entry.secrets.length]),
        [
          ['/gone', false, 0],
          ['/first', true, 1],
        ],
      );
    }));

  it('hide their values when no values are asked for', () =>
    withServer({}, async (server) => {
      assert.deepEqual(await importsAt(server, '/', { viewSecretValue: 'false' }), [
        '/first: BOTH=<hidden-by-infisical>',
        '/second: BOTH=<hidden-by-infisical> HOST=<hidden-by-infisical>',
      ]);
    }));
});
