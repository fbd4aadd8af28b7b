import assert from 'node:assert/strict';
import { aWorld, canary, type SyncOptions, type World } from '../support/world.js';

const writes = (world: World): string[] =>
  world.ado.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

for (const hostType of ['build', 'release'] as const) {
  describe(`the actions, in a classic ${hostType}`, () => {
    const inHost: SyncOptions = { agent: { hostType } };
    let world: World;
    beforeEach(async () => {
      world = await aWorld();
    });
    afterEach(() => world.close());

    it('sync writes the group', async () => {
      const step = await world.sync({ action: 'sync' }, inHost);

      assert.deepEqual([step.result, step.outputs['syncStatus']], ['Succeeded', 'synced']);
      assert.equal(Object.keys(world.ado.variables('Shop', 'shop-prod')).length, 2);
    });

    it('plan shows the same and writes nothing', async () => {
      world.ado.addGroup({ project: 'Shop', name: 'shop-prod', variables: { THEIRS: 'x' } });

      const step = await world.sync({ action: 'plan', initialSyncBehavior: 'overwriteDestination' }, inHost);

      assert.deepEqual(
        [step.result, step.outputs['syncStatus'], step.outputs['hasChanges']],
        ['Succeeded', 'planned', 'true'],
      );
      assert.match(step.log, /Plan for .*: 2 to create, 1 to delete\./);
      assert.match(
        step.summaries[0]?.content ?? '',
        /## 📝 Plan – nothing was written: 2 to create, 1 to delete/,
      );
      assert.deepEqual(writes(world), []);
    });

    it('remove takes out what the sync wrote and leaves the rest', async () => {
      await world.sync({ keySchema: 'APP_{{secretKey}}' });
      world.ado.editGroup('Shop', 'shop-prod', ({ variables }) => {
        variables.set('THEIRS', { value: canary.old, isSecret: true, isReadOnly: false, extra: {} });
      });

      const step = await world.sync({ action: 'remove', keySchema: 'APP_{{secretKey}}' }, inHost);

      assert.deepEqual(
        [step.result, step.outputs['syncStatus'], step.outputs['deletedCount']],
        ['Succeeded', 'removed', '2'],
      );
      assert.deepEqual(world.ado.variables('Shop', 'shop-prod'), {
        THEIRS: { value: canary.old, isSecret: true, isReadOnly: false },
      });
      assert.equal(world.ado.group('Shop', 'shop-prod')?.description, '');
    });
  });
}

describe('remove', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  it('deletes the group itself when nothing is left', async () => {
    await world.sync();

    const step = await world.sync({ action: 'remove' });

    assert.equal(step.result, 'Succeeded');
    assert.equal(world.ado.group('Shop', 'shop-prod'), undefined);
  });

  it('does not delete a group into which somebody puts a variable at the last moment', async () => {
    await world.sync();
    world.ado.before({ method: 'GET', path: /variablegroups\/1$/, times: 1 }, () => {
      world.ado.before({ method: 'GET', path: /variablegroups$/, times: 1 }, () => {
        world.ado.editGroup('Shop', 'shop-prod', ({ variables }) => {
          variables.set('LATE', { value: 'x', isSecret: false, isReadOnly: false, extra: {} });
        });
      });
    });

    const step = await world.sync({ action: 'remove' });

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(Object.keys(world.ado.variables('Shop', 'shop-prod')), ['LATE']);
  });

  it('has nothing to do where there is no group', async () => {
    const step = await world.sync({ action: 'remove' });

    assert.deepEqual([step.result, step.outputs['syncStatus']], ['Succeeded', 'unchanged']);
  });

  it('removes nothing when the source is empty and no key schema says what is ours', async () => {
    await world.sync();
    for (const key of ['API_KEY', 'DB_PASSWORD'])
      world.infisical.deleteSecret({ project: 'shop', environment: 'prod' }, key);

    const step = await world.sync({ action: 'remove' });

    assert.deepEqual(
      [step.outputs['syncStatus'], Object.keys(world.ado.variables('Shop', 'shop-prod')).length],
      ['unchanged', 2],
    );
    assert.match(step.log, /^Nothing to remove: variable group "shop-prod" in project "Shop": 2 kept\.$/m);
  });

  it('refuses a group without this sync’s mark', async () => {
    world.ado.addGroup({ project: 'Shop', name: 'shop-prod', variables: { API_KEY: 'x' } });

    const step = await world.sync({ action: 'remove' });

    assert.equal(step.result, 'Failed');
    assert.match(
      step.issues[0]?.message ?? '',
      /has no mark of sync "shop-prod-\w{8}".*run action sync once.*Nothing was written\./,
    );
  });
});
