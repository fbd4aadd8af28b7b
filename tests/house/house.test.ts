import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inputNames } from '#task/config/inputs.js';
import { outputNames } from '#task/domain/report.js';
import { defaultOf, inputPageOf, readTaskJson } from '../../scripts/inputs/page.js';
import { rowsBetween } from './readme-tables.js';

const root = process.cwd();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const json = (path: string): unknown => JSON.parse(read(path));
const files = (pattern: RegExp): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => pattern.test(path) && existsSync(join(root, path)));

interface Manifest {
  version: string;
  files: { path: string }[];
  contributions: { properties: { name: string; authenticationSchemes?: unknown[] } }[];
}

describe('the versions', () => {
  it('agree in package.json, the lock file, vss-extension.json and task.json', () => {
    const { version } = json('package.json') as { version: string };
    const task = (
      json('tasks/InfisicalSecretSync/task.json') as { version: Record<'Major' | 'Minor' | 'Patch', number> }
    ).version;

    assert.equal((json('package-lock.json') as { version: string }).version, version);
    assert.equal((json('vss-extension.json') as Manifest).version, version);
    assert.equal([task.Major, task.Minor, task.Patch].join('.'), version);
    assert.match(read('CHANGELOG.md'), new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\]`, 'm'));
  });
});

describe('the inputs', () => {
  it('are those that the task reads, in the order of the form', () => {
    assert.deepEqual(
      readTaskJson().inputs.map(({ name }) => name),
      [...inputNames],
    );
  });

  it('and the output variables are those that the task sets', () => {
    assert.deepEqual(
      readTaskJson().outputVariables.map(({ name }) => name),
      [...outputNames],
    );
  });

  it('that ever shipped are still there: removing one breaks pipelines, so it needs a version 2 and a way over', () => {
    const shipped = [
      'infisicalConnection infisicalProject environment secretPath recursive includeImports expandSecretReferences tags',
      'destination azureDevOpsConnectionType azureDevOpsConnection azureDevOpsTokenConnection azureDevOpsProject variableGroup authorizePipelines pipelineId setAsOutput',
      'initialSyncBehavior keySchema autoSync',
      'disableSecretDeletion detectChanges plainTag syncName syncDescription action approvedPlan maxDeletions allowEmptySource',
    ].flatMap((line) => line.split(' '));

    assert.deepEqual(
      shipped.filter((name) => !(inputNames as readonly string[]).includes(name)),
      [],
    );
  });
});

describe('the tables of inputs and outputs', () => {
  const task = readTaskJson();
  const isInput = ([name = '']: string[]): boolean => name.startsWith('`');
  const inputs = rowsBetween('README.md', 'inputs').filter(isInput);
  const outputs = rowsBetween('README.md', 'outputs');

  it('have a row for every input, with its default, in the order of the form', () => {
    assert.deepEqual(
      inputs.map(([name, preset]) => [name, preset]),
      task.inputs.map((input) => [`\`${input.name}\``, defaultOf(input)]),
    );
  });

  it('have a row for every output variable', () => {
    assert.deepEqual(
      outputs.map(([name]) => name),
      task.outputVariables.map(({ name }) => `\`${name}\``),
    );
  });

  it('say in a sentence what each is for, in at most 80 characters', () => {
    const texts = [...inputs, ...outputs].map((cells) => cells.at(-1) ?? '');

    assert.deepEqual(
      texts.filter((text) => text.length > 80 || !/^[A-Z`].*\.$/.test(text)),
      [],
    );
  });

  it('are the same on the Marketplace', () => {
    assert.deepEqual(rowsBetween('overview.md', 'inputs'), rowsBetween('README.md', 'inputs'));
  });

  it('are explained in docs/inputs.md as in task.json: npm run inputs', async () => {
    assert.equal(read('docs/inputs.md'), await inputPageOf(task));
  });
});

describe('the extension', () => {
  it('names the service connection type that the task asks for', () => {
    const [, endpoint] = (json('vss-extension.json') as Manifest).contributions;

    assert.equal(
      `connectedService:${endpoint?.properties.name ?? ''}`,
      (json('tasks/InfisicalSecretSync/task.json') as { inputs: { type: string }[] }).inputs[0]?.type,
    );
  });

  it('ships a task folder of task.json, icon and one script', () => {
    assert.deepEqual(readdirSync(join(root, 'dist/unpacked/tasks/InfisicalSecretSync')).sort(), [
      'icon.png',
      'index.js',
      'task.json',
    ]);
  });

  it('has an icon of at least 128 pixels, PNG', () => {
    const icon = readFileSync(join(root, 'images/icon.png'));

    assert.equal(icon.toString('latin1', 1, 4), 'PNG');
    assert.ok(icon.readUInt32BE(16) >= 128 && icon.readUInt32BE(20) >= 128);
  });
});

describe('the scripts', () => {
  const { scripts } = json('package.json') as { scripts: Record<string, string> };

  it('are the commands of package.json, each with its parts in a folder of its name', () => {
    const commands = Object.values(scripts).flatMap(
      (line) => /^tsx scripts\/(\S+)\.ts$/.exec(line)?.[1] ?? [],
    );
    const entries = files(/^scripts\//).map((path) => path.slice('scripts/'.length));
    const loose = entries.filter((path) => !path.includes('/')).map((path) => path.replace(/\.ts$/, ''));
    const folders = entries.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? '');

    assert.deepEqual(loose.sort(), commands.sort());
    assert.deepEqual(
      [...new Set(folders)].filter((folder) => folder !== 'shared' && !commands.includes(folder)),
      [],
    );
  });

  it('start by the one function that knows exit codes', () => {
    const others = files(/^scripts\/[^/]+\.ts$/).filter(
      (path) => !/^runCommand\(main\);\n$/m.test(read(path)),
    );

    assert.deepEqual(others, []);
  });
});

describe('the sources', () => {
  const lines = (path: string): number => read(path).split('\n').length - 1;

  it('and the tests are at most 300 lines long', () => {
    assert.deepEqual(
      files(/\.(?:ts|mjs)$/).filter((path) => lines(path) > 300),
      [],
    );
  });

  it('reveal a secret only where it is masked, sent, set or made a print of', () => {
    const revealing = files(/^tasks\/.*\.ts$/).filter((path) => read(path).includes('.reveal()'));

    assert.deepEqual(
      revealing.map((path) => path.replace('tasks/InfisicalSecretSync/src/', '')),
      [
        'adapters/agent/host.ts',
        'adapters/agent/network.ts',
        'adapters/agent/oidc-token.ts',
        'adapters/azure-devops/api.ts',
        'adapters/azure-devops/sign-in/connections.ts',
        'adapters/azure-devops/variables.ts',
        'adapters/entra/federated-token.ts',
        'adapters/entra/managed-identity.ts',
        'adapters/http/bearer.ts',
        'adapters/http/exchange.ts',
        'adapters/http/tunnel.ts',
        'adapters/infisical/api.ts',
        'adapters/infisical/record-key.ts',
        'domain/masks.ts',
      ],
    );
  });

  it('that reveal a secret are those that docs/architecture.md names', () => {
    const [, list = ''] =
      /<!-- revealing -->([^]*)<!-- \/revealing -->/.exec(read('docs/architecture.md')) ?? [];
    const named = [...list.matchAll(/`([^`]+\.ts)`/g)].map(([, path = '']) => path);

    assert.deepEqual(
      named.sort(),
      files(/^tasks\/.*\.ts$/)
        .filter((path) => read(path).includes('.reveal()'))
        .map((path) => path.replace('tasks/InfisicalSecretSync/src/', '')),
    );
  });

  it('put a name into a path in one way only, which knows what leads elsewhere', () => {
    const encoding = files(/^tasks\/.*\.ts$/).filter((path) => /\bencodeURI/.test(read(path)));

    assert.deepEqual(encoding, ['tasks/InfisicalSecretSync/src/adapters/http/path-segment.ts']);
  });

  it('have no loose file: each stands in a room', () => {
    const source = 'tasks/InfisicalSecretSync/src/';

    assert.deepEqual(
      files(/^tasks\/InfisicalSecretSync\/src\/(?:adapters\/)?[^/]+\.ts$/).map((path) =>
        path.slice(source.length),
      ),
      ['main.ts', 'ports.ts'],
    );
  });

  it('switch no test off', () => {
    assert.deepEqual(
      files(/\.test\.ts$/).filter((path) => /\b(?:it|describe)\.(?:only|skip)\(/.test(read(path))),
      [],
    );
  });
});
