import assert from 'node:assert/strict';
import { get, listTarget, projectId, refusalOf, withServer, listOf, keysOf } from './sample.js';

describe('the flags of a list', () => {
  const defaults: [
    profile: 'v4-2026' | 'v4-2025' | 'v4-none',
    version: 3 | 4,
    expanded: boolean,
    imports: number,
  ][] = [
    ['v4-2026', 4, true, 2],
    ['v4-2025', 4, false, 0],
    ['v4-2026', 3, false, 0],
    ['v4-none', 3, false, 0],
  ];
  for (const [profile, version, expanded, imports] of defaults) {
    it(`of v${String(version)} on ${profile}: references ${expanded ? 'are' : 'stay'}, imports ${imports > 0 ? 'come' : 'do not'}, when nothing is said`, () =>
      withServer({ profile }, async (server) => {
        const list = listOf(await get(server, listTarget(version)));

        assert.equal(
          list.secrets.some(({ secretValue }) => secretValue.includes('${')),
          !expanded,
        );
        assert.equal(list.imports.length, imports);
      }));
  }

  const names: [profile: 'v4-2026' | 'v4-2025', version: 3 | 4, name: string, imports: number][] = [
    ['v4-2026', 4, 'includeImports', 0],
    ['v4-2026', 4, 'include_imports', 2],
    ['v4-2025', 4, 'include_imports', 0],
    ['v4-2025', 4, 'includeImports', 0],
    ['v4-2026', 3, 'include_imports', 0],
  ];
  for (const [profile, version, name, imports] of names) {
    it(`v${String(version)} on ${profile} asked for no imports with ${name} sends ${String(imports)}`, () =>
      withServer({ profile }, async (server) => {
        const list = listOf(await get(server, listTarget(version, { [name]: 'false' })));

        assert.equal(list.imports.length, imports);
      }));
  }

  it('are `true` or `false`, and everything wrong with them is told at once', () =>
    withServer({}, async (server) => {
      const answer = await get(server, listTarget(4, { recursive: 'yes', includeImports: '1' }));

      const [status, error, issues] = refusalOf(answer);
      assert.deepEqual([status, error], [422, 'ValidationFailure']);
      assert.deepEqual(
        (issues as { code: string; path: string[] }[]).map(({ code, path }) => [code, path.join('.')]),
        [
          ['invalid_enum_value', 'recursive'],
          ['invalid_enum_value', 'includeImports'],
        ],
      );
    }));

  it('that nobody knows are ignored', () =>
    withServer({}, async (server) => {
      assert.equal((await get(server, listTarget(4, { nonsense: '1' }))).status, 200);
    }));
});

describe('the project of a list', () => {
  const missing = [400, 'BadRequest', 'Missing project id or environment'];
  const cases: [title: string, target: string, refusal: unknown[]][] = [
    ['without an ID on v4', '/api/v4/secrets?environment=dev', missing],
    ['by slug on v4, which knows none', '/api/v4/secrets?environment=dev&workspaceSlug=shop', missing],
    ['with an empty ID', '/api/v4/secrets?environment=dev&projectId=%20', missing],
    ['without an environment', `/api/v4/secrets?projectId=${projectId}`, missing],
    [
      'without ID and slug on v3',
      '/api/v3/secrets/raw?environment=dev',
      [400, 'BadRequest', 'You must provide projectSlug or workspaceId'],
    ],
    [
      'with an unknown ID',
      '/api/v4/secrets?environment=dev&projectId=nope',
      [
        404,
        'NotFound',
        "Project with ID 'nope' not found during bot lookup. Are you sure you are using the correct project ID?",
      ],
    ],
    [
      'with an unknown slug',
      '/api/v3/secrets/raw?environment=dev&workspaceSlug=nope',
      [404, 'NotFound', 'No project found with slug nope'],
    ],
    [
      'of others',
      '/api/v4/secrets?environment=dev&projectId=foreign',
      [
        403,
        'ProjectMembershipNotFound',
        'You are not a member of this project with ID foreign. Please assign this identity to the project with the appropriate permissions, then try again.',
      ],
    ],
  ];
  for (const [title, target, refusal] of cases) {
    it(`is refused ${title}`, () =>
      withServer({}, async (server) => {
        server.addProject({ slug: 'foreign', id: 'foreign', environments: ['dev'] });

        assert.deepEqual(refusalOf(await get(server, target)), refusal);
      }));
  }

  it('goes by its slug on v3', () =>
    withServer({}, async (server) => {
      assert.equal((await get(server, '/api/v3/secrets/raw?environment=dev&workspaceSlug=shop')).status, 200);
    }));
});

describe('a project of the days of end-to-end encryption', () => {
  it('is refused until it is upgraded', () =>
    withServer({}, async (server) => {
      server.addProject({ slug: 'old', id: 'old', environments: ['dev'], isEndToEnd: true });
      server.addMachineIdentity({
        name: 'old',
        tokenAuth: { accessToken: 'old-access-token' },
        projects: { old: 'viewer' },
      });

      const answer = await get(server, '/api/v3/secrets/raw?environment=dev&workspaceId=old', {
        authorization: 'Bearer old-access-token',
      });

      assert.deepEqual(refusalOf(answer), [
        404,
        'bot_not_found_error',
        "Project bot for project with ID 'old' not found. Please upgrade your project.",
      ]);
    }));
});

describe('a path that is not there', () => {
  const notFound = (environment: string, path: string): unknown[] => [
    404,
    'SecretPathNotFound',
    `Folder with path '${path}' in environment '${environment}' was not found. Please ensure the environment slug and secret path is correct.`,
  ];
  const cases: [query: Record<string, string>, refusal: unknown[]][] = [
    [{ secretPath: '/nope' }, notFound('dev', '/nope')],
    [{ secretPath: '/nope', recursive: 'true' }, notFound('dev', '/nope')],
    [
      { secretPath: '/api/../first' },
      [
        400,
        'BadRequest',
        'Invalid secret path. Only alphanumeric characters, dashes, and underscores are allowed.',
      ],
    ],
    [{ environment: 'nope' }, notFound('nope', '/')],
    [
      { environment: 'nope', recursive: 'true' },
      [404, 'NotFound', `Environment with slug 'nope' in project with ID ${projectId} not found`],
    ],
  ];
  for (const [query, refusal] of cases) {
    it(`is refused: ${JSON.stringify(query)}`, () =>
      withServer({}, async (server) => {
        assert.deepEqual(refusalOf(await get(server, listTarget(4, query))), refusal);
      }));
  }

  it('is not one with a slash at the end, or with blanks around', () =>
    withServer({}, async (server) => {
      assert.deepEqual(keysOf(await get(server, listTarget(4, { secretPath: ' /api/ ' }))), ['NAME']);
    }));

  it('is not one without its first slash, or with two at its end, and is shown as it was asked for', () =>
    withServer({}, async (server) => {
      const shown = async (secretPath: string): Promise<unknown> =>
        listOf(await get(server, listTarget(4, { secretPath }))).secrets[0]?.['secretPath'];

      assert.deepEqual([await shown('api'), await shown('/api//')], ['api', '/api/']);
    }));

  it('is refused where a server of 2025 is asked without its first slash', () =>
    withServer({ profile: 'v4-2025' }, async (server) => {
      assert.deepEqual(
        refusalOf(await get(server, listTarget(4, { secretPath: 'api' }))),
        notFound('dev', 'api'),
      );
    }));
});
