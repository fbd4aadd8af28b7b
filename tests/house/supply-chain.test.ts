import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { Metafile } from 'esbuild';
import { bundleTask } from '../../scripts/package/bundle.js';
import { packagesIn } from '../../scripts/package/contents.js';
import { packageExtension, packagePath } from '../../scripts/package/extension.js';

const root = process.cwd();
const dist = join(root, 'dist');
const unpacked = join(dist, 'unpacked');
const read = (path: string): string => readFileSync(path, 'utf8');
const json = (path: string): unknown => JSON.parse(read(path));
const sbomPath = packagePath().replace(/\.vsix$/, '.cdx.json');

interface Component {
  name: string;
  version: string;
  licenses: { license: { id: string } }[];
  hashes: { alg: string; content: string }[];
  purl: string;
}

interface Sbom {
  metadata: { component: { version: string; components: { name: string; hashes: { content: string }[] }[] } };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

interface Lock {
  packages: Record<
    string,
    { version: string; integrity: string; license: string; hasInstallScript?: boolean } | undefined
  >;
}

describe('the code of others in the script that ships', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  const { components, dependencies, metadata } = json(sbomPath) as Sbom;
  const { packages: locked } = json('package-lock.json') as Lock;
  /** The keys in package-lock.json of all that esbuild put into the script. */
  let inScript: string[] = [];
  const titles = (): string[] =>
    inScript.map((key) => `${key.replace(/^.*node_modules\//, '')} ${locked[key]?.version ?? '?'}`).sort();

  before(async () => {
    const { metafile } = await bundleTask(join(folder, 'index.js'), folder);
    const files = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
    const keys = files.filter((path) => path.includes('node_modules/'));
    inScript = [
      ...new Set(
        keys.map((path) => path.replace(/(node_modules\/(?:@[^/]+\/)?[^/]+)\/(?!.*node_modules).*/, '$1')),
      ),
    ];
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('is in the bill of materials, package by package, and nothing else is', () => {
    assert.ok(inScript.length >= 2);
    assert.deepEqual(components.map(({ name, version }) => `${name} ${version}`).sort(), titles());
  });

  it('stands there with the hash, the licence and the address that the lock file and the registry know', () => {
    for (const { name, version, hashes, licenses, purl } of components) {
      const entry = inScript.map((key) => (key.endsWith(`/${name}`) ? locked[key] : undefined)).find(Boolean);
      const [hash] = hashes;
      assert.equal(`sha512-${Buffer.from(hash?.content ?? '', 'hex').toString('base64')}`, entry?.integrity);
      assert.deepEqual(licenses, [{ license: { id: entry?.license } }]);
      assert.equal(purl, `pkg:npm/${name.replace('@', '%40')}@${version}`);
    }
  });

  it('comes under licences that want no more than their notice', () => {
    const ids = new Set(components.flatMap(({ licenses }) => licenses.map(({ license }) => license.id)));

    assert.deepEqual(
      [...ids].filter((id) => !['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause'].includes(id)),
      [],
    );
  });

  it('is in the notices that ship, with the text of each licence, and nothing else is', () => {
    const notices = read(join(unpacked, 'ThirdPartyNotices.txt'));
    const listed = [...notices.matchAll(/^-{80}\n(.+) \(.+\)\n-{80}$/gm)].map((match) => match[1] ?? '');

    assert.deepEqual(listed.sort(), titles());
    for (const key of inScript) {
      const text = readdirSync(join(root, key)).find((name) => /^licen[cs]e/i.test(name)) ?? '';
      assert.ok(
        notices.includes(
          read(join(root, key, text))
            .replaceAll('\r\n', '\n')
            .trim(),
        ),
        key,
      );
    }
    assert.equal(read(join(dist, 'ThirdPartyNotices.txt')), notices);
  });

  it('needs no script at installation', () => {
    assert.deepEqual(
      inScript.filter((key) => locked[key]?.hasInstallScript !== undefined),
      [],
    );
  });

  it('is described in CycloneDX 1.7, as its published schema wants it', () => {
    const schemas = join(root, 'node_modules/@cyclonedx/cyclonedx-library/res/schema');
    const schema = (name: string): object => json(join(schemas, `${name}.SNAPSHOT.schema.json`)) as object;
    const formats = {
      'date-time': true,
      'idn-email': true,
      'iri-reference': true,
      uri: true,
      date: true,
    } as const;
    const ajv = new Ajv({ strict: false, allErrors: true, formats });
    for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
      // The name by which the main schema refers to it.
      const id = `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`;
      ajv.addSchema({ ...schema(name), $id: id });
    }
    const validate = ajv.compile(schema('bom-1.7'));

    validate(json(sbomPath));

    assert.equal(validate.errors, null);
    assert.equal(validate({ ...(json(sbomPath) as object), specVersion: 1.7 }), false);
    assert.equal(validate({ ...(json(sbomPath) as object), components: [{ name: 'no type' }] }), false);
  });

  it('is tied to the very script that ships, and to who imports whom', () => {
    const [script] = metadata.component.components;
    const shipped = readFileSync(join(unpacked, script?.name ?? ''));
    const [own, ...others] = dependencies;

    assert.equal(script?.hashes[0]?.content, createHash('sha256').update(shipped).digest('hex'));
    assert.deepEqual(
      own?.dependsOn.map((ref) => ref.replace(/^pkg:npm\/(.+)@.*/, '$1')),
      ['azure-pipelines-task-lib', 'zod'],
    );
    const reached = new Set([...own.dependsOn, ...others.flatMap(({ dependsOn }) => dependsOn)]);
    assert.deepEqual([...reached].sort(), components.map(({ purl }) => purl).sort());
  });
});

describe('packaging', () => {
  const folder = mkdtempSync(join(tmpdir(), 'licences-'));
  const good = {
    manifest: { name: 'left', version: '1.0.0', license: 'MIT' } as Record<string, unknown>,
    text: 'Permission is granted.',
    locked: { version: '1.0.0', integrity: 'sha512-AAAA' } as Record<string, unknown>,
  };
  const path = 'node_modules/left/index.js';
  const input = { bytes: 1, imports: [] };
  const metafile: Metafile = {
    inputs: { 'main.ts': input, [path]: input },
    outputs: {
      'index.js': {
        bytes: 2,
        imports: [],
        exports: [],
        inputs: { 'main.ts': { bytesInOutput: 1 }, [path]: { bytesInOutput: 1 } },
      },
    },
  };
  const shippedWith = (change: Partial<typeof good>): unknown => {
    const { manifest, text, locked } = { ...good, ...change };
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'node_modules/left'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/left/package.json'), JSON.stringify(manifest));
    if (text !== '') writeFileSync(join(folder, 'node_modules/left/LICENSE'), text);
    const lock = { packages: { 'node_modules/left': locked } };
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    return packagesIn(metafile, folder).map(({ name }) => name);
  };

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('takes a package that passes all rules', () => {
    assert.deepEqual(shippedWith({}), ['left']);
  });

  for (const [title, change, message] of [
    ['a copyleft licence', { manifest: { ...good.manifest, license: 'GPL-3.0-only' } }, /"GPL-3\.0-only"/],
    [
      'a choice that includes one',
      { manifest: { ...good.manifest, license: '(MIT OR GPL-3.0)' } },
      /its licence is/,
    ],
    ['no licence', { manifest: { name: 'left', version: '1.0.0' } }, /its licence is "unknown"/],
    ['no licence text', { text: '' }, /no licence text/],
    [
      'another version than the lock file',
      { locked: { ...good.locked, version: '1.0.1' } },
      /package-lock\.json/,
    ],
    ['no hash', { locked: { version: '1.0.0' } }, /package-lock\.json/],
    ['an install script', { locked: { ...good.locked, hasInstallScript: true } }, /runs a script/],
  ] as const) {
    it(`fails over a package with ${title}`, () => {
      assert.throws(() => shippedWith(change), { name: 'Error', message });
    });
  }
});

describe('the package', () => {
  const again = mkdtempSync(join(tmpdir(), 'package-'));
  const filesIn = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();

  after(() => {
    rmSync(again, { recursive: true });
  });

  it('comes out the same, byte by byte, when it is made a second time in another folder', async () => {
    await packageExtension(undefined, again);
    const results = ['stage', 'unpacked', '.']
      .flatMap((folder) => filesIn(join(again, folder)).map((name) => join(folder, name)))
      .filter((name) => name !== 'index.js.map'); // Not shipped; it says where the sources lie from there.

    assert.ok(results.length > 20);
    for (const name of results) {
      assert.ok(readFileSync(join(again, name)).equals(readFileSync(join(dist, name))), name);
    }
  });

  it('holds no path of the machine that made it', () => {
    const files = filesIn(unpacked);

    assert.ok(files.length > 8);
    assert.deepEqual(
      files.filter((name) => readFileSync(join(unpacked, name)).includes(root)),
      [],
    );
  });

  it('is made by tools that do not warn of this Node, which package.json promises', () => {
    const npm = process.env['npm_execpath'] ?? '';
    assert.equal((json('package.json') as { engines: { node: string } }).engines.node, '>=20.19');

    const { stderr, status } = spawnSync(
      process.execPath,
      [npm, 'ci', '--dry-run', '--ignore-scripts', '--offline', '--no-audit'],
      { encoding: 'utf8' },
    );

    assert.equal(status, 0);
    assert.doesNotMatch(stderr, /EBADENGINE/);
  });

  it('is made with versions that are written out, never ranges', () => {
    const manifest = json('package.json') as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });

    assert.ok(wanted.length > 20);
    assert.deepEqual(
      wanted.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
      [],
    );
  });
});
