import assert from 'node:assert/strict';
import { aWorld, type World } from '../support/world.js';

type Host = 'build' | 'release';

/** Build.Reason as Azure Pipelines writes it; in a release the names of its enumeration, and how older pages write them. */
const reasons: Record<Host, { person: string[]; other: string[] }> = {
  build: {
    person: ['Manual', 'manual', 'MANUAL'],
    other: [
      ...['IndividualCI', 'BatchedCI', 'Schedule', 'ScheduleForced', 'UserCreated', 'ValidateShelveset'],
      ...['CheckInShelveset', 'PullRequest', 'BuildCompletion', 'ResourceTrigger', 'Triggered', 'None'],
      ...['resourcetrigger', 'SCHEDULE', '', 'ManualLike', 'Tomorrow'],
    ],
  },
  release: {
    person: ['Manual', 'manual'],
    other: [
      ...['None', 'ContinuousIntegration', 'Schedule', 'PullRequest', 'continuousIntegration', 'schedule'],
      ...['', 'Tomorrow'],
    ],
  },
};

const shown = (reason: string): string => (reason === '' ? '(not told)' : reason);

for (const hostType of ['build', 'release'] as const) {
  describe(`autoSync, in a ${hostType}`, () => {
    let world: World;
    beforeEach(async () => {
      world = await aWorld();
    });
    afterEach(() => world.close());

    const start = (inputs: Record<string, string>, reason: string) =>
      world.sync(inputs, { agent: { hostType, reason } });

    for (const reason of reasons[hostType].person) {
      it(`false lets a person write: ${shown(reason)}`, async () => {
        const step = await start({ autoSync: 'false' }, reason);

        assert.deepEqual([step.result, step.outputs['syncStatus']], ['Succeeded', 'synced']);
        assert.equal(Object.keys(world.ado.variables('Shop', 'shop-prod')).length, 2);
      });
    }

    for (const reason of reasons[hostType].other) {
      it(`false lets nobody else write, asks no service, and stays green: ${shown(reason)}`, async () => {
        const step = await start({ autoSync: 'false' }, reason);

        assert.deepEqual(
          [step.result, step.outputs['syncStatus'], step.outputs['hasChanges'], step.issues],
          ['Succeeded', 'skipped', 'false', []],
        );
        assert.deepEqual([world.ado.requests, world.infisical.requests], [[], []]);
        assert.match(
          step.log,
          /^Skipped, nothing was read or written: variable group "shop-prod" in project "Shop"\.$/m,
        );
        assert.match(
          step.log,
          new RegExp(`autoSync is false and this run was not started by a person \\(.*${reason}.*\\)`),
        );
      });
    }

    for (const reason of ['Manual', 'ResourceTrigger', 'Schedule', 'IndividualCI', '']) {
      it(`true, as it is unless said otherwise, lets everybody write: ${shown(reason)}`, async () => {
        const step = await start({}, reason);

        assert.deepEqual([step.result, step.outputs['syncStatus']], ['Succeeded', 'synced']);
      });
    }

    it('false keeps a run of a webhook from removing, too', async () => {
      await start({}, 'Manual');

      const step = await start({ autoSync: 'false', action: 'remove' }, 'ResourceTrigger');

      assert.equal(step.outputs['syncStatus'], 'skipped');
      assert.equal(Object.keys(world.ado.variables('Shop', 'shop-prod')).length, 2);
    });

    for (const reason of ['ResourceTrigger', 'Schedule', '']) {
      it(`does not apply to a plan: ${shown(reason)}`, async () => {
        const step = await start({ autoSync: 'false', action: 'plan' }, reason);

        assert.deepEqual([step.result, step.outputs['syncStatus']], ['Succeeded', 'planned']);
      });

      it(`does not apply to the variables of the run: ${shown(reason)}`, async () => {
        const step = await start({ autoSync: 'false', destination: 'pipelineVariables' }, reason);

        assert.deepEqual([step.result, step.outputs['createdCount']], ['Succeeded', '2']);
      });
    }

    it('applies to the variables that are saved on a pipeline', async () => {
      const inputs = {
        autoSync: 'false',
        destination: 'pipelineDefinition',
        pipelineId: String(world.pipelineId),
      };

      const skipped = await start(inputs, 'ResourceTrigger');
      const synced = await start(inputs, 'Manual');

      assert.deepEqual([skipped.outputs['syncStatus'], synced.outputs['syncStatus']], ['skipped', 'synced']);
    });
  });
}
