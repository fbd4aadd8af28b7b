import assert from 'node:assert/strict';
import type { MiniAgent } from '../../emulators/agent/mini-agent.js';
import { aWorld, usualInputs, type World } from '../support/world.js';

const prod = { project: 'shop', environment: 'prod' };
const asOutputs = {
  ...usualInputs,
  variableGroup: '',
  destination: 'pipelineVariables',
  setAsOutput: 'true',
};

describe('the environment of later steps', () => {
  let world: World;
  let job: MiniAgent;
  beforeEach(async () => {
    world = await aWorld();
    job = world.job();
  });
  afterEach(async () => {
    job.dispose();
    await world.close();
  });

  const fill = (count: number, characters: number): void => {
    for (let index = 0; index < count; index += 1)
      world.infisical.setSecret(prod, `S${String(index)}`, String(index % 10).repeat(characters));
  };

  it('holds as much as is let through, as variables and as outputs: the next task starts', async () => {
    fill(39, 13_200);

    const step = await job.runStep({ name: 'sync', inputs: asOutputs });
    const next = await job.runStep({ name: 'next', inputs: { ...usualInputs, action: 'plan' } });

    assert.deepEqual([step.result, step.outputs['createdCount']], ['Succeeded', '41']);
    assert.deepEqual([next.result, next.outputs['syncStatus']], ['Succeeded', 'planned']);
  });

  it('is not overfilled: what stands in it twice is counted twice, and nothing is set', async () => {
    fill(40, 26_200);

    const step = await job.runStep({ name: 'sync', inputs: asOutputs });

    assert.equal(step.result, 'Failed');
    assert.match(
      step.issues[0]?.message ?? '',
      /all 42 values and their names together \(each counted twice because of setAsOutput\) take 209\d{4} bytes; at most 1048576/,
    );
    assert.ok(!step.commands.some(({ properties }) => 'issecret' in properties));
  });

  for (const destination of ['variableGroup', 'pipelineDefinition', 'pipelineVariables']) {
    it(`does not break on a value with NUL, which is refused with its name: ${destination}`, async () => {
      world.infisical.setSecret(prod, 'BINARY', 'a\0b');
      const variableGroup = destination === 'variableGroup' ? 'shop-prod' : '';

      const step = await job.runStep({
        name: 'sync',
        inputs: { ...usualInputs, destination, variableGroup },
      });

      assert.equal(step.result, 'Failed');
      assert.match(
        step.issues[0]?.message ?? '',
        /- "BINARY" in "\/" → "BINARY": the value contains a NUL character/,
      );
      assert.equal(world.ado.group('Shop', 'shop-prod'), undefined);
      assert.ok(!step.commands.some(({ properties }) => 'issecret' in properties));
    });
  }
});
