import assert from 'node:assert/strict';
import {
  dev,
  get,
  listTarget,
  projectId,
  refusalOf,
  withServer,
  type StartOptions,
  listOf,
  keysOf,
} from './sample.js';

describe('a listed secret', () => {
  const fields = (profile: StartOptions, version: 3 | 4): Promise<string[][]> => {
    let found: string[][] = [];
    return withServer({ ...profile }, async (server) => {
      const list = listOf(
        await get(server, listTarget(version, { includeImports: 'true', include_imports: 'true' })),
      );
      found = [list.secrets[0], list.imports[0]?.secrets[0]].map((row) => Object.keys(row ?? {}).sort());
    }).then(() => found);
  };
  const onlyOwn = [
    'createdAt',
    'secretPath',
    'secretReminderNote',
    'secretReminderRepeatDays',
    'tags',
    'updatedAt',
  ];

  it('has dates, path and tags that an imported one lacks', async () => {
    const [own = [], imported = []] = await fields({ profile: 'v4-2026' }, 4);

    assert.deepEqual(
      own.filter((name) => !imported.includes(name)),
      onlyOwn,
    );
    assert.deepEqual(
      imported.filter((name) => !own.includes(name)),
      [],
    );
  });

  it('named its author before July 2026', async () => {
    const [own = []] = await fields({ profile: 'v4-2025' }, 4);

    assert.ok(own.includes('actor'));
  });

  it('that is imported names no workspace, and its entry the source folder', () =>
    withServer({}, async (server) => {
      const source = server.addFolder(dev('/first'));

      const [entry] = listOf(await get(server, listTarget(4))).imports;

      assert.deepEqual([entry?.folderId, entry?.secrets[0]?.['workspace']], [source.id, '']);
    }));

  it('had no tags, dates and marks for hidden values in 2024', async () => {
    const [own = []] = await fields({ profile: 'legacy-2024' }, 3);

    assert.deepEqual(
      ['tags', 'createdAt', 'secretValueHidden', 'skipMultilineEncoding', 'secretMetadata'].filter((name) =>
        own.includes(name),
      ),
      [],
    );
  });

  it('counts its versions from 1, and its value is trimmed but for one line break', () =>
    withServer({}, async (server) => {
      server.setSecret(dev('/v'), 'KEY', 'old');
      server.setSecret(dev('/v'), 'KEY', '  new \n\n');

      const [row] = listOf(await get(server, listTarget(4, { secretPath: '/v' }))).secrets;

      assert.deepEqual([row?.['version'], row?.secretValue], [2, 'new\n']);
    }));
});

describe('what is listed', () => {
  it('can be narrowed to tags, which does not touch imports', () =>
    withServer({}, async (server) => {
      server.setSecret(dev(), 'A', 'a', { tags: ['one'] });
      server.setSecret(dev(), 'B', 'b', { tags: ['two', 'three'] });

      const answer = await get(server, listTarget(4, { tagSlugs: 'one,three' }));

      assert.deepEqual(keysOf(answer), ['A', 'B']);
      assert.equal(listOf(answer).imports.length, 2);
    }));

  it('can be narrowed to metadata that is not encrypted, by all of the filters', () =>
    withServer({}, async (server) => {
      const core = { key: 'team', value: 'core' };
      server.setSecret(dev(), 'A', 'a', { metadata: [core, { key: 'tier', value: '1' }] });
      server.setSecret(dev(), 'B', 'b', { metadata: [core] });
      server.setSecret(dev(), 'C', 'c', { metadata: [{ ...core, isEncrypted: true }] });

      const one = await get(server, listTarget(4, { metadataFilter: 'key=team,value=core' }));
      const both = await get(
        server,
        listTarget(4, { metadataFilter: 'key=team,value=core|key=tier,value=1' }),
      );

      assert.deepEqual([keysOf(one), keysOf(both)], [['A', 'B'], ['A']]);
    }));

  it('can’t be narrowed by more than ten filters', () =>
    withServer({}, async (server) => {
      const filter = Array.from({ length: 11 }, (_, index) => `key=k${String(index)},value=v`).join('|');

      const [status, error, issues] = refusalOf(await get(server, listTarget(4, { metadataFilter: filter })));

      assert.deepEqual([status, error], [422, 'ValidationFailure']);
      assert.equal(
        (issues as { message: string }[])[0]?.message,
        'You can only filter by up to 10 metadata fields',
      );
    }));

  it('reaches twenty folders deep, and what is deeper is missing without a word', () =>
    withServer({}, async (server) => {
      const path = (depth: number): string => '/d'.repeat(depth);
      server.setSecret(dev(path(20)), 'TWENTY', 'v');
      server.setSecret(dev(path(21)), 'TWENTY_ONE', 'v');

      const keys = keysOf(await get(server, listTarget(4, { recursive: 'true' })));

      assert.deepEqual([keys.includes('TWENTY'), keys.includes('TWENTY_ONE')], [true, false]);
    }));

  it('tells names apart by case', () =>
    withServer({}, async (server) => {
      server.setSecret(dev('/case'), 'Key', 'one');
      server.setSecret(dev('/case'), 'KEY', 'two');

      assert.deepEqual(keysOf(await get(server, listTarget(4, { secretPath: '/case' }))), ['KEY', 'Key']);
    }));

  it('holds a person’s own values: beside the shared ones on v3, on v4 in their place when asked', () =>
    withServer({}, async (server) => {
      const person = server.addMachineIdentity({ name: 'ann', isUser: true, projects: { shop: 'admin' } });
      server.setSecret(dev('/p'), 'KEY', 'shared');
      server.setSecret(dev('/p'), 'KEY', 'own', { personalOf: 'ann' });
      const authorization = `Bearer ${(await server.issueToken(person)).text}`;
      const values = async (version: 3 | 4, query: Record<string, string>): Promise<string[]> =>
        listOf(await get(server, listTarget(version, { secretPath: '/p', ...query }), { authorization }))
          .secrets.map(({ secretValue }) => secretValue)
          .sort();

      assert.deepEqual(await values(3, {}), ['own', 'shared']);
      assert.deepEqual(await values(4, {}), ['shared']);
      assert.deepEqual(await values(4, { includePersonalOverrides: 'true' }), ['own']);
    }));
});

describe('one secret by its name', () => {
  it('is on v3 and v4, and a missing one is 404', () =>
    withServer({}, async (server) => {
      for (const [path, id] of [
        ['v3/secrets/raw', 'workspaceId'],
        ['v4/secrets', 'projectId'],
      ] as const) {
        const query = `?${id}=${projectId}&environment=dev`;
        const found = await get(server, `/api/${path}/HOST${query}`);
        const missing = await get(server, `/api/${path}/NOPE${query}`);

        assert.equal((found.body as { secret: { secretValue: string } }).secret.secretValue, 'db.internal');
        assert.equal(refusalOf(missing)[0], 404);
      }
    }));

  it('of 2024 resolved references to other folders, not to its neighbours', () =>
    withServer({ profile: 'legacy-2024' }, async (server) => {
      const target = `/api/v3/secrets/raw/URL?workspaceId=${projectId}&environment=dev&expandSecretReferences=true`;

      const answer = await get(server, target);

      assert.equal(
        (answer.body as { secret: { secretValue: string } }).secret.secretValue,
        'db://${HOST}/orders',
      );
    }));
});
