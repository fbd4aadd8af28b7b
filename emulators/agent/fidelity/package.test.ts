import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lint } from '../lint.js';
import { installTasks, uninstallTasks } from '../package.js';
import { resolveAliases, resolveResources, resolveTask } from '../server.js';
import type { TaskDefinition } from '../task-definition.js';
import { aTaskFolder, runTask } from './bench.js';

describe('a package', () => {
  let work: string;
  beforeEach(() => {
    work = mkdtempSync(join(tmpdir(), 'packages-'));
  });
  afterEach(() => {
    rmSync(work, { recursive: true, force: true });
  });

  it('is installed under name, ID and version, marked as complete and read-only', () => {
    const tasks = installTasks(aTaskFolder({ script: 'x' }, work), join(work, '_tasks'));

    const folder = join(work, '_tasks/ThrowAway_11111111-2222-3333-4444-555555555555');
    assert.deepEqual(readdirSync(folder).sort(), ['1.2.3', '1.2.3.completed']);
    assert.equal(tasks[0]?.folder, join(folder, '1.2.3'));
    for (const path of [join(folder, '1.2.3'), join(folder, '1.2.3/index.js')])
      assert.equal(statSync(path).mode & 0o222, 0);
    uninstallTasks(tasks);
  });

  it('is found by the contributions of an unpacked extension', () => {
    mkdirSync(join(work, 'tasks'));
    renameSync(aTaskFolder({}, work), join(work, 'tasks/ThrowAway'));
    const contributions = [
      { type: 'ms.vss-endpoint.service-endpoint-type', properties: { name: 'thing' } },
      { type: 'ms.vss-distributed-task.task', properties: { name: 'tasks/ThrowAway' } },
    ];
    writeFileSync(join(work, 'extension.vsomanifest'), JSON.stringify({ contributions }));

    const tasks = installTasks(work, join(work, '_tasks'));

    assert.deepEqual(
      tasks.map(({ definition }) => definition.name),
      ['ThrowAway'],
    );
    uninstallTasks(tasks);
  });

  it('is refused without a task', () => {
    assert.throws(() => installTasks(work, work), {
      name: 'Error',
      message: /holds neither task\.json nor an extension/,
    });
  });

  it('is refused when a script is missing that task.json names', () => {
    const definition = { execution: { Node24: { target: 'nope.js' } } };
    const folder = aTaskFolder({ definition }, work);

    assert.throws(() => installTasks(folder, work), {
      name: 'Error',
      message: "The task's target nope.js does not exist.",
    });
  });

  it('of ours is what this repository ships', () => {
    const tasks = installTasks(join(process.cwd(), 'dist/unpacked'), join(work, '_tasks'));

    assert.deepEqual(
      tasks.map(({ definition }) => definition.name),
      ['InfisicalSecretSync'],
    );
    uninstallTasks(tasks);
  });
});

describe('what the server makes of a step', () => {
  const definition = {
    name: 'ThrowAway',
    version: { Major: 1, Minor: 0, Patch: 0 },
    inputs: [
      {
        name: 'connection',
        type: 'connectedService:thing',
        aliases: ['ConnectedServiceName'],
        required: true,
      },
      { name: 'text', type: 'string', required: true },
    ],
  } as unknown as TaskDefinition;
  const installed = [{ definition, folder: '/x' }];
  const id = 'aaaaaaaa-0000-4000-8000-00000000000f';
  const endpoint = { id, name: 'mine', type: 'Thing', url: 'https://h', scheme: 's', parameters: {} };
  const endpoints = [endpoint];

  for (const reference of [
    'ThrowAway@1',
    'throwaway@1',
    'publisher.extension.contribution.ThrowAway@1',
    'ThrowAway@1.2.3',
  ]) {
    it(`finds the task ${reference}`, () => {
      assert.equal(resolveTask(reference, installed), installed[0]);
    });
  }

  for (const reference of ['Other@1', 'ThrowAway@2', 'ThrowAway']) {
    it(`does not find the task ${reference}`, () => {
      assert.throws(() => resolveTask(reference, installed), {
        name: 'Error',
        message: /^A task is missing\./,
      });
    });
  }

  it('gives an alias the name of its input, and keeps what it does not know', () => {
    assert.deepEqual(resolveAliases(definition, { connectedservicename: 'x', Odd: 'y' }), {
      connection: 'x',
      Odd: 'y',
    });
  });

  it('refuses one input by two names, and an alias that two inputs have', () => {
    const twice = {
      ...definition,
      inputs: [...definition.inputs, { name: 'a', type: 'string', aliases: ['TEXT'] }],
    };

    assert.throws(() => resolveAliases(definition, { connection: 'x', ConnectedServiceName: 'y' }), {
      name: 'Error',
      message: 'The step gives the input "connection" twice.',
    });
    assert.throws(() => resolveAliases(twice, {}), {
      name: 'Error',
      message: /alias "TEXT" of the input "a" is not unique/,
    });
  });

  it('turns names of connections into IDs, and leaves other text alone', () => {
    assert.deepEqual(resolveResources(definition, { connection: 'mine', text: 'mine' }, endpoints), {
      connection: id,
      text: 'mine',
    });
    assert.deepEqual(resolveResources(definition, { connection: `mine, ${id}` }, endpoints), {
      connection: `${id},${id}`,
    });
  });

  it('stops for a connection that is not there or of another type', () => {
    const other = [{ ...endpoint, type: 'other' }];

    for (const [given, from] of [
      [{ connection: 'nope' }, endpoints],
      [{ connection: 'mine' }, other],
    ] as const)
      assert.throws(() => resolveResources(definition, given, from), {
        name: 'Error',
        message:
          /^Job Job: Step ThrowAway input connection references service connection (?:nope|mine) which could not be found\./,
      });
  });

  it('does not enforce required inputs, rules or choices: the task runs', async () => {
    const inputs = [
      { name: 'needed', type: 'string', required: true },
      { name: 'choice', type: 'pickList', options: { a: 'A' }, visibleRule: 'needed = x' },
    ];

    assert.equal(
      (await runTask({ definition: { inputs } }, {}, { inputs: { choice: 'z' } })).result,
      'Succeeded',
    );
  });
});

describe('what an editor would underline', () => {
  const inputs = [
    { name: 'needed', type: 'string', required: true, aliases: ['must'] },
    { name: 'filled', type: 'string', required: true, defaultValue: 'x' },
    { name: 'hidden', type: 'string', required: true, visibleRule: 'choice = a' },
    { name: 'choice', type: 'pickList', options: { a: 'A', b: 'B' } },
    { name: 'open', type: 'pickList', options: { a: 'A' }, properties: { EditableOptions: 'True' } },
  ];
  const definition = { inputs } as unknown as TaskDefinition;
  const cases: [title: string, given: Record<string, string>, findings: string[]][] = [
    ['a missing input that has no default and no rule', {}, ['Missing property "needed".']],
    ['nothing when an alias gives it', { MUST: 'x' }, []],
    ['a value that is no choice', { needed: 'x', choice: 'c' }, ['"c" is not a value of "choice".']],
    ['no value of an open list, no macro, no other case', { needed: 'x', choice: 'A', open: 'z' }, []],
    ['no macro', { needed: 'x', choice: '$(c)' }, []],
    ['an input that the task does not have', { needed: 'x', neded: 'y' }, ['Unexpected property "neded".']],
  ];
  for (const [title, given, findings] of cases) {
    it(title, () => {
      assert.deepEqual(lint(definition, given), findings);
    });
  }

  const rules: [rule: string, isValid: boolean][] = [
    ['a = b', true],
    ['a == b', true],
    ['a != b && c = d', true],
    ['a = b || c = d', true],
    ['a EndsWith .zip', true],
    ['a = ""', true],
    ['a=b', false],
    ['a = b && c = d || e = f', false],
    ['(a = b)', false],
    ['a_b = c', false],
    ['a = b-c', false],
    ['a', false],
  ];
  for (const [visibleRule, isValid] of rules) {
    it(`${isValid ? 'not' : 'but'} the rule ${visibleRule}`, () => {
      const task = {
        inputs: [{ name: 'x', type: 'string', visibleRule }],
        groups: [],
      } as unknown as TaskDefinition;

      assert.equal(lint(task, {}).length, isValid ? 0 : 1);
    });
  }
});
