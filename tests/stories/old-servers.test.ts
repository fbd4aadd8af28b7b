import assert from 'node:assert/strict';
import { aWorld, canary, type World } from '../support/world.js';

describe('an older Infisical', () => {
  for (const infisical of ['v4-2025', 'v4-none', 'docker-2024', 'legacy-2024'] as const) {
    it(`gives the same group: ${infisical}`, async () => {
      const world = await aWorld({ infisical });
      try {
        const prod = { project: 'shop', environment: 'prod' };
        world.infisical.setSecret({ ...prod, path: '/shared' }, 'SHARED', canary.plain);
        world.infisical.addImport(prod, { environment: 'prod', path: '/shared' });
        world.infisical.setSecret(prod, 'URL', 'db://${DB_PASSWORD}');

        const step = await world.sync();

        assert.equal(step.result, 'Succeeded');
        assert.deepEqual(
          Object.entries(world.ado.variables('Shop', 'shop-prod')).map(([name, { value }]) => [name, value]),
          [
            ['API_KEY', canary.api],
            ['DB_PASSWORD', canary.database],
            ['SHARED', canary.plain],
            ['URL', `db://${canary.database}`],
          ],
        );
      } finally {
        await world.close();
      }
    });
  }

  it('that reports no tags is not asked to honour them', async () => {
    const world = await aWorld({ infisical: 'legacy-2024' });
    try {
      const step = await world.sync({ plainTag: 'plain' });

      assert.equal(step.result, 'Failed');
      assert.match(step.issues[0]?.message ?? '', /too old to report tags/);
    } finally {
      await world.close();
    }
  });

  it('and its empty folder is told from one that does not exist', async () => {
    const world = await aWorld({ infisical: 'docker-2024' });
    try {
      const step = await world.sync({ environment: 'dev' });

      assert.match(step.issues[0]?.message ?? '', /returned no secrets for environment "dev"/);
    } finally {
      await world.close();
    }
  });
});

describe('Azure DevOps Server', () => {
  for (const azureDevOps of ['server-2019', 'server-2022'] as const) {
    it(`creates, updates and removes as Services does: ${azureDevOps}`, async () => {
      const world: World = await aWorld({ azureDevOps });
      try {
        const inputs = { keySchema: 'APP_{{secretKey}}' };
        world.ado.addGroup({ project: 'Shop', name: 'other', variables: { X: 'x' } });
        const results = [
          await world.sync(inputs),
          await world.sync(inputs),
          await world.sync({ ...inputs, action: 'remove' }),
        ].map(({ result, outputs }) => `${result} ${outputs['syncStatus'] ?? ''}`);

        assert.deepEqual(results, ['Succeeded synced', 'Succeeded unchanged', 'Succeeded removed']);
        assert.equal(world.ado.group('Shop', 'shop-prod'), undefined);
      } finally {
        await world.close();
      }
    });
  }

  it('2022 lets all pipelines use the group when asked', async () => {
    const world = await aWorld({ azureDevOps: 'server-2022' });
    try {
      const step = await world.sync({ authorizePipelines: 'allPipelines' });

      assert.equal(step.result, 'Succeeded');
      assert.equal(world.ado.authorizedPipelines('Shop', 'shop-prod').all, true);
    } finally {
      await world.close();
    }
  });

  it('2019 knows no such permission, and the run warns after the write', async () => {
    const world = await aWorld({ azureDevOps: 'server-2019' });
    try {
      const step = await world.sync({ authorizePipelines: 'allPipelines' });

      assert.equal(step.result, 'SucceededWithIssues');
      assert.match(step.issues[0]?.message ?? '', /did not confirm that all pipelines may use .*status 404/);
      assert.notEqual(world.ado.group('Shop', 'shop-prod'), undefined);
    } finally {
      await world.close();
    }
  });
});
