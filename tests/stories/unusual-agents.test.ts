import assert from 'node:assert/strict';
import { join } from 'node:path';
import { aWorld, canary, usualInputs, type SyncOptions, type World } from '../support/world.js';
import { MiniAgent } from '../../emulators/agent/mini-agent.js';

describe('the shipped task', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  it('runs on the runtime that was asked for, Node 20 unless another was', async () => {
    const step = await world.sync();

    assert.equal(step.node, process.env['AGENT_NODE'] === 'node24' ? 'node24' : 'node20_1');
  });

  it('runs from the whole extension, under its full name', async () => {
    const agent = { taskFolder: join(process.cwd(), 'dist/unpacked') };

    const step = await world.sync(
      {},
      { agent, step: { task: 'your-publisher.secret-sync.task.InfisicalSecretSync@1' } },
    );

    assert.equal(step.result, 'Succeeded');
  });

  const cases: [title: string, options: SyncOptions, result: string, log: RegExp][] = [
    [
      'in a container, debugged',
      { agent: { debug: true }, step: { isInContainer: true } },
      'Succeeded',
      /Set env: /,
    ],
    [
      'restricted: without a summary',
      { step: { target: { commands: 'restricted' } } },
      'Succeeded',
      /uploadsummary\] is not allowed/,
    ],
    [
      'when it may set nothing',
      { step: { target: { settableVariables: 'none' } } },
      'Succeeded',
      /Setting variable 'syncStatus' has been disabled/,
    ],
    [
      'when nobody reads its output for a while',
      { agent: { debug: true, faults: { readsAfterMs: 1500 } } },
      'Succeeded',
      /Synced and verified/,
    ],
    [
      'in a folder that it may not write to',
      { agent: { faults: { isWorkingDirectoryReadOnly: true } } },
      'Succeeded',
      /Synced and verified/,
    ],
    [
      'where percents stay encoded',
      { agent: { variables: { DECODE_PERCENTS: 'false' } } },
      'Succeeded',
      /Synced and verified/,
    ],
    [
      'where the scripts see the token',
      { agent: { variables: { 'system.enableAccessToken': 'true' } } },
      'Succeeded',
      /Synced and verified/,
    ],
    [
      'after steps have left secrets',
      {
        agent: {
          variables: {
            OLD: { value: canary.old, isSecret: true },
            KEY: { value: canary.key, isSecret: true },
          },
          debug: true,
        },
      },
      'Succeeded',
      /Synced and verified/,
    ],
    [
      'without a folder for temporary files',
      { agent: { faults: { hasNoTempFolder: true } } },
      'Failed',
      /ENOENT: no such file or directory, open '.*\.taskkey'/,
    ],
  ];
  for (const [title, options, result, log] of cases) {
    it(`ends as ${result}: ${title}`, async () => {
      const step = await world.sync({}, options);

      assert.equal(step.result, result);
      assert.match(step.log, log);
    });
  }

  it('tries again and then does what it was to do', async () => {
    world.ado.faults.add({
      match: { path: /variablegroups$/ },
      times: 1,
      fault: { kind: 'html', status: 203 },
    });

    const step = await world.sync(
      {},
      {
        agent: { waits: { beforeRetryMs: () => 1 } },
        step: { retryCountOnTaskFailure: 2 },
      },
    );

    assert.deepEqual([step.result, step.attempts, step.outputs['syncStatus']], ['Succeeded', 2, 'synced']);
  });

  it('is given nothing that an editor would underline by the inputs of these stories', () => {
    const agent = new MiniAgent({
      taskFolder: join(process.cwd(), 'dist/unpacked'),
      collectionUrl: world.ado.collectionUrl,
      project: { id: 'p', name: 'P' },
      jobToken: canary.jobToken,
    });
    try {
      assert.deepEqual(agent.lint({ inputs: usualInputs }), []);
    } finally {
      agent.dispose();
    }
  });
});
