import assert from 'node:assert/strict';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { aWorld, shop, type World } from '../support/world.js';

const prod = { project: 'shop', environment: 'prod' };

for (const hostType of ['build', 'release'] as const) {
  describe(`a removal, in a ${hostType}`, () => {
    let world: World;
    beforeEach(async () => {
      world = await aWorld();
    });
    afterEach(() => world.close());

    const sync = (inputs: Record<string, string> = {}): Promise<FinishedStep> =>
      world.sync(inputs, { agent: { hostType } });
    const remove = (inputs: Record<string, string> = {}): Promise<FinishedStep> =>
      sync({ action: 'remove', ...inputs });
    const names = (): string[] => Object.keys(world.ado.variables('Shop', 'shop-prod')).sort();
    const put = (name: string): void => {
      world.ado.editGroup('Shop', 'shop-prod', ({ variables }) => {
        variables.set(name, { value: 'x', isSecret: false, isReadOnly: false, extra: {} });
      });
    };
    const schema = { keySchema: 'APP_{{secretKey}}' };

    it('with a wrong key schema gives up neither the mark nor anything else', async () => {
      await sync(schema);
      const before = world.ado.group('Shop', 'shop-prod')?.description;

      const step = await remove({ keySchema: 'API_{{secretKey}}' });
      const other = await remove();

      for (const { result, outputs } of [step, other])
        assert.ok(result === 'Failed' || outputs['syncStatus'] === 'unchanged');
      assert.deepEqual(
        [names(), world.ado.group('Shop', 'shop-prod')?.description],
        [['APP_API_KEY', 'APP_DB_PASSWORD'], before],
      );
      assert.equal((await remove(schema)).outputs['syncStatus'], 'removed');
    });

    it('says which key schema the mark has, where another would take something', async () => {
      await sync(schema);
      put('API_KEY');

      const step = await remove();

      assert.match(
        step.issues[0]?.message ?? '',
        /has no mark of sync "shop-prod-\w{8}".*with another key schema: "shop-prod-\w{8}" \(owns APP_\*\)\. Set keySchema/,
      );
      assert.equal(names().length, 3);
    });

    it('asks for names only, so values that may not be read do not stop it', async () => {
      await sync();
      put('THEIRS');
      world.machine.projects['shop'] = { rules: [{ actions: ['describeSecret'] }] };

      const step = await remove();

      assert.deepEqual([step.result, step.outputs['deletedCount'], names()], ['Succeeded', '2', ['THEIRS']]);
    });

    it('minds neither unresolved references nor one name in two folders', async () => {
      await sync();
      put('THEIRS');
      world.infisical.setSecret(prod, 'API_KEY', '${dev.gone.KEY}');
      world.infisical.setSecret({ ...prod, path: '/sub' }, 'API_KEY', 'x');

      const step = await remove({ recursive: 'true' });

      assert.deepEqual([step.result, step.outputs['deletedCount'], names()], ['Succeeded', '2', ['THEIRS']]);
    });

    it('needs no folder where a key schema says what is its own', async () => {
      world.infisical.setSecret({ ...prod, path: '/api' }, 'TOKEN', 'x');
      const inputs = { ...schema, secretPath: '/api' };
      await sync(inputs);
      put('THEIRS');
      world.infisical.deleteFolder({ ...prod, path: '/api' });

      const step = await remove(inputs);

      assert.deepEqual([step.result, step.outputs['deletedCount'], names()], ['Succeeded', '1', ['THEIRS']]);
    });

    it('says before and after that the group itself goes, with its roles and permissions', async () => {
      await sync();

      const plan = await sync({ action: 'plan' });
      const step = await remove();

      const goes =
        /This removal leaves no variable, so it also deletes the variable group itself, with its description, its roles and its pipeline permissions/;
      assert.doesNotMatch(plan.log, goes);
      assert.ok(step.log.search(goes) < step.log.indexOf('Removed and verified'));
      assert.match(step.summaries[0]?.content ?? '', goes);
    });
  });
}

describe('a sync that takes only what carries a tag', () => {
  for (const hostType of ['build', 'release'] as const)
    it(`is not stopped by hidden values that have none, in a ${hostType}`, async () => {
      const world = await aWorld({ permission: 'go' });
      try {
        world.infisical.setSecret({ ...prod, path: '/web' }, 'TOKEN', 'x', { tags: ['web'] });
        world.infisical.setSecret({ ...prod, path: '/web' }, 'HIDDEN', 'x', { tags: ['job'] });
        world.machine.projects['shop'] = {
          rules: [{ actions: ['describeSecret'] }, { actions: ['readValue'], tags: ['web'] }],
        };

        const step = await world.sync({ secretPath: '/web', tags: 'web' }, { agent: { hostType } });

        assert.deepEqual([step.result, step.outputs['createdCount']], ['Succeeded', '1']);
      } finally {
        await world.close();
      }
    });
});

describe('the own project, written in another case', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  for (const project of ['SHOP', shop.id.toUpperCase()]) {
    it(`is the own project all the same: ${project}`, async () => {
      const group = await world.sync({ azureDevOpsProject: project, authorizePipelines: 'thisPipeline' });
      const saved = await world.sync({
        azureDevOpsProject: project,
        destination: 'pipelineDefinition',
        variableGroup: '',
      });

      assert.deepEqual([group.result, group.issues], ['Succeeded', []]);
      assert.deepEqual([saved.result, saved.issues], ['Succeeded', []]);
    });
  }
});
