import assert from 'node:assert/strict';
import { send, type Answered } from '../../replay/send.js';
import { dev, get, projectId, refusalOf, withServer } from './sample.js';

const namesOf = (list: unknown, field = 'name'): unknown[] =>
  (list as Record<string, unknown>[]).map((entry) => entry[field]);
const bodyOf = ({ body }: Answered): Record<string, unknown> => body as Record<string, unknown>;

describe('projects', () => {
  it('are listed only where the identity is a member, with their environments', () =>
    withServer({}, async (server) => {
      server.addProject({ slug: 'foreign', environments: ['dev'] });

      const { projects } = bodyOf(
        await get(server, '/api/v1/projects?type=secret-manager&includeRoles=false'),
      );

      assert.deepEqual(namesOf(projects, 'slug'), ['shop']);
      const [shop] = projects as Record<string, unknown>[];
      assert.deepEqual(
        [shop?.['id'], shop?.['_id'], namesOf(shop?.['environments'], 'slug')],
        [projectId, projectId, ['dev', 'prod']],
      );
    }));

  it('were called workspaces, and identities could not list them in 2024', async () => {
    await withServer({}, async (server) => {
      assert.deepEqual(namesOf(bodyOf(await get(server, '/api/v1/workspace'))['workspaces'], 'slug'), [
        'shop',
      ]);
    });
    await withServer({ profile: 'legacy-2024' }, async (server) => {
      assert.deepEqual(refusalOf(await get(server, '/api/v1/workspace')), [
        403,
        '/api/v1/workspace Unauthorized Access',
        'You are not allowed to access this resource',
      ]);
    });
  });

  const shapes: [target: string, pick: (body: Record<string, unknown>) => unknown][] = [
    [`/api/v1/projects/${projectId}`, ({ project }) => project],
    ['/api/v1/projects/slug/shop', (body) => body],
    [`/api/v1/workspace/${projectId}`, ({ workspace }) => workspace],
    ['/api/v2/workspace/shop', (body) => body],
  ];
  for (const [target, pick] of shapes) {
    it(`are shown one by one: ${target.replace(projectId, '<id>')}`, () =>
      withServer({}, async (server) => {
        const shown = pick(bodyOf(await get(server, target))) as Record<string, unknown>;

        assert.deepEqual([shown['id'], shown['slug']], [projectId, 'shop']);
      }));
  }

  const refusals: [target: string, status: number, old: number][] = [
    ['/api/v1/workspace/nope', 404, 500],
    ['/api/v2/workspace/nope', 404, 500],
    ['/api/v2/workspace/foreign', 403, 403],
  ];
  for (const [target, status, old] of refusals) {
    it(`are refused with ${String(status)} today and ${String(old)} in 2024: ${target}`, async () => {
      for (const [profile, wanted] of [
        ['v4-2026', status],
        ['legacy-2024', old],
      ] as const) {
        await withServer({ profile }, async (server) => {
          server.addProject({ slug: 'foreign', environments: ['dev'] });

          assert.equal((await get(server, target)).status, wanted);
        });
      }
    });
  }

  it('have no route of their own in 2024', () =>
    withServer({ profile: 'legacy-2024' }, async (server) => {
      assert.deepEqual(refusalOf(await get(server, '/api/v1/projects/slug/shop')).slice(0, 2), [
        404,
        'Not Found',
      ]);
    }));
});

describe('folders', () => {
  const v1 = `/api/v1/folders?workspaceId=${projectId}&environment=dev`;
  const v2 = `/api/v2/folders?projectId=${projectId}&environment=dev`;

  it('are those of one folder, or with recursive all below it', () =>
    withServer({}, async (server) => {
      server.addFolder(dev('/api/deep'));

      assert.deepEqual(namesOf(bodyOf(await get(server, `${v1}&path=/api`))['folders']), ['deep']);
      assert.deepEqual(namesOf(bodyOf(await get(server, `${v2}&path=/&recursive=true`))['folders']), [
        'api',
        'deep',
        'first',
        'second',
      ]);
    }));

  it('need a path on v2, and take the older name of it on v1', () =>
    withServer({}, async (server) => {
      server.addFolder(dev('/api/deep'));

      assert.equal((await get(server, v2)).status, 422);
      assert.deepEqual(namesOf(bodyOf(await get(server, `${v1}&directory=/api`))['folders']), ['deep']);
    }));

  it('of a path that is not there are none, of an environment that is not there are refused', async () => {
    for (const [profile, status] of [
      ['v4-2026', 404],
      ['legacy-2024', 400],
    ] as const) {
      await withServer({ profile }, async (server) => {
        assert.deepEqual(bodyOf(await get(server, `${v1}&path=/nope`)), { folders: [] });
        assert.equal((await get(server, v1.replace('=dev', '=nope'))).status, status);
      });
    }
  });
});

describe('the list of imports', () => {
  const v1 = `/api/v1/secret-imports?workspaceId=${projectId}&environment=dev`;

  it('is in the order of the positions', () =>
    withServer({}, async (server) => {
      const { secretImports } = bodyOf(
        await get(server, v1.replace('v1', 'v2').replace('workspaceId', 'projectId')),
      );

      assert.deepEqual(
        (secretImports as { importPath: string; position: number; importEnv: { slug: string } }[]).map(
          ({ importPath, position, importEnv }) => [importPath, position, importEnv.slug],
        ),
        [
          ['/first', 1, 'dev'],
          ['/second', 2, 'dev'],
        ],
      );
    }));

  it('tells a path or environment that is not there, which the list of secrets did not in 2024', async () => {
    await withServer({ profile: 'legacy-2024' }, async (server) => {
      assert.equal((await get(server, v1.replace('=dev', '=nope'))).status, 400);
      assert.deepEqual(refusalOf(await get(server, `${v1}&path=/nope`)), [
        400,
        'Get imports',
        'Folder not found',
      ]);
    });
    await withServer({}, async (server) => {
      assert.equal((await get(server, `${v1}&path=/nope`)).status, 404);
    });
  });
});

describe('the status', () => {
  it('needs no token and has no limit', () =>
    withServer({ rateLimit: true }, async (server) => {
      const answer = await send(server.url, { method: 'GET', target: '/api/status' });

      assert.equal(bodyOf(answer)['message'], 'Ok');
      assert.equal(answer.headers['x-ratelimit-limit'], undefined);
    }));
});
