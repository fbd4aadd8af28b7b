import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ESLint, type Linter } from 'eslint';

interface Room {
  files: string;
  imports: string[];
  types?: string[];
}

interface Fences {
  rooms: Record<string, Room>;
  targets: Record<string, string>;
  taskLibFile: string;
  fences: Linter.Config[];
}

const root = process.cwd();
const source = 'tasks/InfisicalSecretSync/src';

/** An import from a file one folder below the sources, for each thing that can be imported. */
const specifiers: Record<string, string> = {
  domain: '../domain/planted.js',
  ports: '../ports.js',
  config: '../config/planted.js',
  sync: '../sync/planted.js',
  wiring: '../wiring/planted.js',
  main: '../main.js',
  'adapters/agent': '../adapters/agent/planted.js',
  'adapters/http': '../adapters/http/planted.js',
  'adapters/entra': '../adapters/entra/planted.js',
  'adapters/infisical': '../adapters/infisical/planted.js',
  'adapters/azure-devops': '../adapters/azure-devops/group/planted.js',
  'task-lib': 'azure-pipelines-task-lib/task',
  'node-api': 'azure-devops-node-api/interfaces/BuildInterfaces.js',
  zod: 'zod/mini',
  node: 'node:fs',
};
const outside = [
  '../../../../emulators/agent/masker.js',
  '../../../../tests/support/world.js',
  '../../../../scripts/shared/paths.js',
  '#task/ports.js',
  'left-pad',
  'fs',
];

describe('the fences between the rooms', () => {
  let rules: Fences;
  let eslint: ESLint;
  before(async () => {
    rules = (await import(pathToFileURL(join(root, 'eslint.fences.mjs')).href)) as Fences;
    const { parser, plugin } = (await import('typescript-eslint')).default as unknown as {
      parser: Linter.Parser;
      plugin: ESLint.Plugin;
    };
    eslint = new ESLint({
      overrideConfigFile: true,
      overrideConfig: [
        { files: ['**/*.ts'], languageOptions: { parser }, plugins: { '@typescript-eslint': plugin } },
        ...rules.fences,
      ],
    });
  });

  const refuses = async (file: string, statement: string): Promise<boolean> => {
    const [result] = await eslint.lintText(`${statement}\n`, { filePath: join(root, file) });
    assert.equal(result?.fatalErrorCount, 0, statement);
    return result.errorCount > 0;
  };
  const fileIn = (files: string): string => `${source}/${files.replace('**', 'planted.ts')}`;

  it('refuse every import that a room does not list, and none that it does', async () => {
    assert.deepEqual(Object.keys(specifiers), Object.keys(rules.targets));
    const wrong: string[] = [];
    for (const [room, { files, imports, types = [] }] of Object.entries(rules.rooms)) {
      for (const [target, specifier] of Object.entries(specifiers)) {
        if (target === room) continue;
        const isListed = imports.includes(target);
        const isForTypes = isListed || types.includes(target);
        if ((await refuses(fileIn(files), `import { x } from '${specifier}';`)) === isListed)
          wrong.push(`${room} → ${target}`);
        if ((await refuses(fileIn(files), `import type { X } from '${specifier}';`)) === isForTypes)
          wrong.push(`${room} → type ${target}`);
      }
    }

    assert.deepEqual(wrong, []);
  });

  it('refuse in each room what stands outside of the sources, and packages that nobody listed', async () => {
    for (const { files } of Object.values(rules.rooms))
      for (const specifier of outside)
        assert.ok(await refuses(fileIn(files), `import '${specifier}';`), `${files} imports ${specifier}`);
  });

  it('let one file load task-lib', async () => {
    const load = `import { getInput } from '${String(specifiers['task-lib'])}';`;

    assert.equal(await refuses(`${source}/${rules.taskLibFile}`, load), false);
    assert.ok(await refuses(`${source}/adapters/agent/other.ts`, load));
  });

  it('keep emulators off the sources and the tests, and scripts off the tests', async () => {
    for (const [file, specifier] of [
      ['emulators/infisical/planted.ts', '#task/domain/plan.js'],
      ['emulators/infisical/fidelity/planted.ts', `../../../${source}/domain/plan.js`],
      ['emulators/agent/planted.ts', '../../tests/support/world.js'],
      ['emulators/agent/planted.ts', '../../scripts/shared/paths.js'],
      ['scripts/planted.ts', '../tests/support/world.js'],
      ['scripts/bench/planted.ts', '#task/main.js'],
    ] as const)
      assert.ok(await refuses(file, `import '${specifier}';`), `${file} imports ${specifier}`);
  });

  it('stand in the rules that lint runs with', async () => {
    const lint = new ESLint({ cwd: root });
    const used = (await lint.calculateConfigForFile(join(root, source, 'domain/plan.ts'))) as Linter.Config;
    const [, options] = used.rules?.['@typescript-eslint/no-restricted-imports'] as [unknown, unknown];
    const fence = rules.fences.find(({ files }) => files?.includes(`${source}/domain/**`));

    assert.deepEqual(
      options,
      (fence?.rules?.['@typescript-eslint/no-restricted-imports'] as unknown[] | undefined)?.[1],
    );
  });

  it('are the table in docs/architecture.md', () => {
    const rows = Object.entries(rules.rooms).map(([room, { imports, types = [] }]) => {
      const listed = [...imports, ...types.map((target) => `types of ${target}`)];
      return [`\`${room}\``, listed.join(', ') || '–'];
    });
    const table = /<!-- rooms -->\n\n([\s\S]*?)\n\n<!-- \/rooms -->/.exec(
      readFileSync(join(root, 'docs/architecture.md'), 'utf8'),
    )?.[1];
    const cells = (table ?? '')
      .split('\n')
      .slice(2)
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );

    assert.deepEqual(cells, rows);
  });
});
