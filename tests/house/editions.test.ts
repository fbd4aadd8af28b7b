import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifestsOf, type Edition, type Manifests } from '../../scripts/package/edition.js';
import { packageExtension } from '../../scripts/package/extension.js';
import { aWorld } from '../support/world.js';

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const manifestsAt = (extension: string, task: string): Manifests => ({
  extension: json(extension) as Manifests['extension'],
  task: json(task) as Manifests['task'],
});
const sources = manifestsAt('vss-extension.json', 'tasks/InfisicalSecretSync/task.json');
const ownTypesOf = ({ extension, task }: Manifests): string[] => {
  const builtIn = ['AzureRM', 'workloadidentityuser', 'externaltfs'].map(
    (name) => `connectedService:${name}`,
  );
  const isConnection = (type: string): boolean => type.startsWith('connectedService:');
  return [
    ...extension.contributions.filter(({ type }) => /endpoint/.test(type)).map((c) => c.properties.name),
    ...task.inputs.map(({ type }) => type).filter((type) => isConnection(type) && !builtIn.includes(type)),
  ];
};
/** What the Marketplace, an organization or a pipeline tells things apart by. */
const identifiersOf = (manifests: Manifests): string[] => {
  const { extension, task } = manifests;
  return [
    ...[extension.id, extension.name, task.id, task.name, task.friendlyName],
    ...extension.contributions.flatMap(({ id, properties }) => [id, properties.displayName ?? []].flat()),
    ...ownTypesOf(manifests),
  ];
};

describe('a dev build', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dev-'));
  const unpacked = join(folder, 'unpacked');
  const dev = (): Manifests =>
    manifestsAt(
      join(folder, 'stage/vss-extension.json'),
      join(unpacked, 'tasks/InfisicalSecretSync/task.json'),
    );

  before(async () => {
    // Throws on whatever tfx warns about.
    await packageExtension({ publisher: 'acme', isDev: true, patch: 7 }, folder);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('shares no ID and no name with the real one, so that both can be published and installed', () => {
    const real = identifiersOf(sources);
    const own = identifiersOf(dev());

    assert.ok(real.length >= 10);
    assert.equal(own.length, real.length);
    assert.deepEqual(
      own.filter((name) => real.includes(name)),
      [],
    );
  });

  it('has always the same IDs: a new one would be another task', () => {
    assert.equal(dev().task.id, '0143327f-273f-540d-9add-8d66199cfcdc');
    assert.equal(dev().extension.id, 'secret-sync-for-infisical-dev');
  });

  it('asks for the type of connection that it brings along', () => {
    assert.deepEqual(ownTypesOf(dev()), [
      'infisicalMachineIdentityDev',
      'connectedService:infisicalMachineIdentityDev',
    ]);
  });

  it('carries the number that it was given in both versions', () => {
    assert.equal(dev().extension.version, '1.0.7');
    assert.deepEqual(dev().task.version, { Major: 1, Minor: 0, Patch: 7 });
  });

  it('is private, and says that it is no release', () => {
    const manifest = readFileSync(join(unpacked, 'extension.vsixmanifest'), 'utf8');

    assert.match(manifest, /<GalleryFlags>Preview<\/GalleryFlags>/);
    assert.match(manifest, /Publisher="acme"/);
  });

  it('ships the same script', () => {
    const script = 'tasks/InfisicalSecretSync/index.js';

    assert.ok(readFileSync(join(unpacked, script)).equals(readFileSync(join('dist/unpacked', script))));
  });

  describe('on an agent', () => {
    const inputs = {
      infisicalConnection: 'infisical',
      infisicalProject: 'shop',
      environment: 'prod',
      variableGroup: 'shop-prod',
    };
    const task = 'InfisicalSecretSyncDev@1';

    it('syncs, under its own name and with its own type of connection', async () => {
      const world = await aWorld();
      const connection = { type: 'infisicalMachineIdentityDev' };
      const job = world.job({ agent: { taskFolder: unpacked }, connection });
      try {
        const step = await job.runStep({ task, inputs });

        assert.equal(step.result, 'Succeeded');
        assert.deepEqual(Object.keys(world.ado.variables('Shop', 'shop-prod')), ['API_KEY', 'DB_PASSWORD']);
      } finally {
        job.dispose();
        await world.close();
      }
    });

    it('does not take a connection of the real one', async () => {
      const world = await aWorld();
      const job = world.job({ agent: { taskFolder: unpacked } });
      try {
        await assert.rejects(job.runStep({ task, inputs }), /service connection infisical which could not/);
      } finally {
        job.dispose();
        await world.close();
      }
    });
  });
});

describe('a public package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'public-'));

  before(async () => {
    const publisher = sources.extension.publisher + 's';
    await packageExtension({ publisher, isPublic: true, documents: 'https://docs.invalid/1' }, folder);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('is the private one but for its publisher, one flag and the links of its page', () => {
    const lines = (from: string): string[] =>
      readFileSync(join(from, 'extension.vsixmanifest'), 'utf8').split('\n');
    const secret = lines('dist/unpacked');
    const files = (from: string): string[] =>
      readdirSync(from, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(from.length + 1))
        .sort();
    const unpacked = join(folder, 'unpacked');
    const others = files(unpacked).filter(
      (name) => !readFileSync(join(unpacked, name)).equals(readFileSync(join('dist/unpacked', name))),
    );

    assert.deepEqual(files(unpacked), files('dist/unpacked'));
    assert.deepEqual(others, ['extension.vsixmanifest', 'overview.md']);
    assert.deepEqual(lines(unpacked).filter((line) => !secret.includes(line)).length, 2);
    assert.match(lines(unpacked).join('\n'), /<GalleryFlags>Public<\/GalleryFlags>/);
    assert.doesNotMatch(secret.join('\n'), /<GalleryFlags>[^<]*Public/);
  });
});

describe('an edition', () => {
  for (const [title, edition, message] of [
    ['a public dev build', { publisher: 'acme', isDev: true, isPublic: true }, /Leave out --dev or --public/],
    ['a public package of nobody', { isPublic: true }, /--publisher ID/],
    [
      'a public package of the placeholder',
      { isPublic: true, publisher: 'your-publisher-id' },
      /--publisher/,
    ],
    ['a public package without documents', { isPublic: true, publisher: 'acme' }, /--documents https/],
    ['documents at no address', { documents: 'docs' }, /--documents is an https/],
    ['documents behind a query', { documents: 'https://docs.invalid/?path=' }, /without a query/],
    ['half a patch', { patch: 0.5 }, /--patch must be a whole number/],
    ['a patch that is no number', { patch: Number('x') }, /--patch must be a whole number/],
  ] as [string, Edition, RegExp][]) {
    it(`is refused as ${title}`, () => {
      assert.throws(() => manifestsOf(sources, edition), { name: 'Error', message });
    });
  }

  it('leaves the sources as they are unless it is told otherwise', () => {
    assert.deepEqual(manifestsOf(sources, {}), sources);
  });
});
