import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Knobs } from '../knobs.js';
import { chooseNode, defaultRuntimes, installedNode, type Runtimes } from '../node-choice.js';
import { chooseHandler, type Execution } from '../task-definition.js';
import { Variables } from '../variables.js';
import { runTask } from './bench.js';
import { skip } from '../../on-demand/skip.js';

const has = (...keys: string[]): Execution =>
  Object.fromEntries(keys.map((key) => [key, { target: 'x.js' }]));

describe('the handler of a task', () => {
  const cases: [
    title: string,
    execution: Execution | undefined,
    platform: 'linux' | 'windows',
    expected: string | undefined,
  ][] = [
    ['is the newest Node', has('Node16', 'Node20_1', 'Node24', 'Node10'), 'linux', 'Node24'],
    ['is found whatever the case of its key', has('node20_1'), 'linux', 'Node20_1'],
    ['is none for keys that nobody knows', has('Node24_1', 'Node20', 'Node22'), 'linux', undefined],
    ['is none for PowerShell on Linux', has('PowerShell3', 'Process'), 'linux', undefined],
    ['is Node before PowerShell on Windows', has('PowerShell3', 'Node20_1'), 'windows', 'Node20_1'],
    [
      'is what platforms prefers on Windows',
      { ...has('Node24'), Node16: { target: 'x.js', platforms: ['Windows'] } },
      'windows',
      'Node16',
    ],
    [
      'ignores platforms on Linux',
      { ...has('Node24'), Node16: { target: 'x.js', platforms: ['linux'] } },
      'linux',
      'Node24',
    ],
    ['is none where a stage has none', undefined, 'linux', undefined],
  ];
  for (const [title, execution, platform, expected] of cases) {
    it(title, () => {
      assert.equal(chooseHandler(execution, platform), expected);
    });
  }

  it('has to be there, or the step fails', async () => {
    const step = await runTask({ definition: { execution: has('PowerShell3') }, files: { 'x.js': '' } });

    assert.equal(step.result, 'Failed');
    assert.match(step.log, /##\[error\]The current operating system is not capable of running this task/);
  });
});

describe('the Node that runs a task', () => {
  const both: Runtimes = { node20_1: '/20', node24: '/24' };
  const flag = 'DistributedTask.Agent.UseNode24withHandlerData';
  const cases: [
    title: string,
    handler: string,
    variables: Record<string, string>,
    environment: Record<string, string>,
    runtimes: Runtimes,
    expected: string,
  ][] = [
    ['is 20 even for a task that declares Node24', 'Node24', {}, {}, both, 'node20_1'],
    [
      'is 24 with the setting for such tasks',
      'Node24',
      { AGENT_USE_NODE24_WITH_HANDLER_DATA: 'true' },
      {},
      both,
      'node24',
    ],
    [
      'is 24 with that setting in the agent’s environment',
      'Node24',
      {},
      { AGENT_USE_NODE24_WITH_HANDLER_DATA: 'true' },
      both,
      'node24',
    ],
    ['is 24 with the server’s feature flag', 'Node24', { [flag]: 'true' }, {}, both, 'node24'],
    [
      'stays 20 with that setting for a task without Node24',
      'Node20_1',
      { AGENT_USE_NODE24_WITH_HANDLER_DATA: 'true' },
      {},
      both,
      'node20_1',
    ],
    ['is 24 for all with AGENT_USE_NODE24', 'Node20_1', { AGENT_USE_NODE24: '1' }, {}, both, 'node24'],
    ['is 20 for all with AGENT_USE_NODE20_1', 'Node16', { AGENT_USE_NODE20_1: 'true' }, {}, both, 'node20_1'],
    [
      'is 24 when both are asked for',
      'Node16',
      { AGENT_USE_NODE20_1: 'true', AGENT_USE_NODE24: 'true' },
      {},
      both,
      'node24',
    ],
    [
      'is 10 for all with AGENT_USE_NODE10',
      'Node24',
      { AGENT_USE_NODE10: 'true' },
      {},
      { ...both, node10: '/10' },
      'node10',
    ],
    ['is 16 for a task that declares it', 'Node16', {}, {}, { ...both, node16: '/16' }, 'node16'],
    [
      'is 20 where 24 is missing',
      'Node24',
      { AGENT_USE_NODE24: 'true' },
      {},
      { node20_1: '/20' },
      'node20_1',
    ],
    [
      'is 16 where 24 and 20 are missing',
      'Node24',
      { AGENT_USE_NODE24: 'true' },
      {},
      { node16: '/16' },
      'node16',
    ],
  ];
  const choose = (handler: string, runtimes: Runtimes, variables = {}, environment = {}) => {
    const table = new Variables();
    table.load(
      Object.entries<string>(variables).map(([name, value]) => ({
        name,
        value,
        isSecret: false,
        isReadOnly: false,
      })),
    );
    const warnings: string[] = [];
    const knobs = new Knobs(table, environment);
    const { folder } = chooseNode(handler, { knobs, runtimes, warn: (message) => warnings.push(message) });
    return { folder, warnings };
  };
  for (const [title, handler, variables, environment, runtimes, expected] of cases) {
    it(title, () => {
      const { folder, warnings } = choose(handler, runtimes, variables, environment);

      assert.equal(folder, expected);
      assert.equal(warnings.length, title.includes('missing') ? 1 : 0);
    });
  }

  it('is not replaced when there is no other: the step fails', () => {
    assert.throws(() => choose('Node16', both), {
      name: 'Error',
      message:
        'This step requires a node version that does not exist in the agent filesystem. Path: externals/node16/bin/node',
    });
  });

  it('is told in the step that it has run', async () => {
    const usual = process.env['AGENT_NODE'] === 'node24' ? 'node24' : 'node20_1';

    assert.equal((await runTask('')).node, usual);
  });
});

describe('AGENT_NODE', () => {
  it('is refused when it names no runtime of an agent', () => {
    assert.throws(() => defaultRuntimes({ AGENT_NODE: 'node22' }), {
      name: 'Error',
      message: /can be node20_1 or node24/,
    });
  });

  for (const [asked, knob] of [
    ['node20_1', 'AGENT_USE_NODE20_1'],
    ['node24', 'AGENT_USE_NODE24_WITH_HANDLER_DATA'],
  ] as const) {
    it(`${asked} is chosen by the agent’s own setting, or refused where it is not installed`, () => {
      if (installedNode(asked) === undefined)
        assert.throws(() => defaultRuntimes({ AGENT_NODE: asked }), {
          name: 'Error',
          message: /is not installed/,
        });
      else assert.deepEqual(defaultRuntimes({ AGENT_NODE: asked }).environment, { [knob]: 'true' });
    });
  }
});

const node20 = installedNode('node20_1');
const node24 = installedNode('node24');

describe('the runtimes of agents', function () {
  before(function () {
    if (node20 === undefined || node24 === undefined)
      skip(this, 'the runtimes of agents are not installed (npm run fidelity installs them)');
  });

  const evaluate = (node: string | undefined, code: string): string =>
    execFileSync(node ?? '', ['-p', code], { encoding: 'utf8' }).trim();

  it('are 20.20.2 and 24.18.1', () => {
    assert.deepEqual(
      [evaluate(node20, 'process.version'), evaluate(node24, 'process.version')],
      ['v20.20.2', 'v24.18.1'],
    );
  });

  it('differ in what they know of certificates, and share fetch', () => {
    const code = `[typeof fetch, typeof require('tls').getCACertificates].join()`;

    assert.deepEqual(
      [evaluate(node20, code), evaluate(node24, code)],
      ['function,undefined', 'function,function'],
    );
  });

  it('run a step each, by the setting for tasks that declare Node24', async () => {
    const versions = await Promise.all(
      ['false', 'true'].map(async (isOn) => {
        const variables = { AGENT_USE_NODE24_WITH_HANDLER_DATA: isOn };
        const runtimes = { node20_1: node20 ?? '', node24: node24 ?? '' };
        return runTask('say(process.version)', { variables, runtimes });
      }),
    );

    assert.deepEqual(
      versions.map(({ node, raw }) => [node, raw.at(-1)]),
      [
        ['node20_1', 'v20.20.2'],
        ['node24', 'v24.18.1'],
      ],
    );
  });

  it('lose what is still in the pipe at process.exit(), and nothing at exitCode', async () => {
    const lines = (end: string): string =>
      `for (let i = 0; i < 20000; i += 1) process.stdout.write('x'.repeat(100) + '\\n'); ${end}`;
    for (const node of [node20, node24]) {
      const options = {
        runtimes: { node20_1: node ?? '' },
        faults: { readsAfterMs: 300 },
        environment: { AGENT_USE_NODE20_1: 'true' },
      };
      const lost = await runTask(lines('process.exit(0)'), options);
      const kept = await runTask(lines('process.exitCode = 0'), options);

      assert.ok(lost.raw.length > 0 && lost.raw.length < 20_000, String(lost.raw.length));
      assert.equal(kept.raw.length, 20_000);
    }
  });

  it('die of SIGINT at once when nobody listens', async () => {
    for (const node of [node20, node24]) {
      const step = await runTask(
        `say('ready'); setInterval(() => {}, 1000)`,
        { runtimes: { node20_1: node ?? '' } },
        { timeoutMs: 400 },
      );

      assert.deepEqual([step.signal, step.exitCode], ['SIGINT', null]);
    }
  });
});
