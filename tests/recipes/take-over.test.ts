import assert from 'node:assert/strict';
import { parse } from 'yaml';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import type { SecretSync } from '../../emulators/infisical/secret-syncs.js';
import { aWorld, shop, type World } from '../support/world.js';
import { yamlIn } from '../support/yaml-documents.js';
import { runPipeline, type Pipeline } from '../support/yaml-run.js';

const recipe = parse(yamlIn('docs/recipes/take-over-a-wizard-sync.md')[0] ?? '') as Pipeline;

describe('the recipe to take over a wizard sync', () => {
  let world: World;
  let sync: SecretSync;
  beforeEach(async () => {
    world = await aWorld({ environments: ['dev', { slug: 'prod', name: 'Production' }] });
    sync = world.infisical.addSecretSync('shop', {
      name: 'web-shop-prod',
      environment: 'prod',
      isAutoSyncEnabled: true,
      syncOptions: { disableSecretDeletion: false },
      destinationConfig: { devopsProjectId: shop.id, devopsProjectName: 'Shop' },
    });
    // As Infisical's own sync left it.
    world.ado.addGroup({
      project: 'Shop',
      name: 'Production',
      variables: { API_KEY: { isSecret: true, value: 'x' }, DB_PASSWORD: { isSecret: true, value: 'y' } },
    });
  });
  afterEach(() => world.close());

  const run = async (change: Record<string, string> = {}): Promise<FinishedStep> => {
    const pipeline = structuredClone(recipe) as { steps: { inputs: Record<string, string> }[] };
    Object.assign(pipeline.steps[0]?.inputs ?? {}, change);
    const [step] = await runPipeline(pipeline, {
      startJob: (variables) => world.job({ agent: { variables } }),
      groupNamed: () => ({}),
    });
    return step ?? assert.fail();
  };

  it('is refused as long as Infisical runs the sync by itself', async () => {
    await assert.rejects(run(), /Infisical runs sync "web-shop-prod" automatically/);
  });

  it('plans, and then syncs the group that Infisical wrote, with its name as the mark', async () => {
    sync.isAutoSyncEnabled = false;

    assert.equal((await run()).outputs['syncStatus'], 'planned');
    assert.equal((await run({ action: 'sync' })).outputs['syncStatus'], 'synced');
    const { description = '' } = world.ado.group('Shop', 'Production') ?? {};
    assert.match(description, /\[infisical-sync: web-shop-prod\b/);
  });

  it('follows what somebody changes in Infisical', async () => {
    sync.isAutoSyncEnabled = false;
    sync.syncOptions = { keySchema: 'APP_{{secretKey}}', disableSecretDeletion: true };
    await run({ action: 'sync' });

    assert.deepEqual(Object.keys(world.ado.variables('Shop', 'Production')).sort(), [
      'API_KEY',
      'APP_API_KEY',
      'APP_DB_PASSWORD',
      'DB_PASSWORD',
    ]);
  });

  it('goes on with inputs in place of the sync, and the group stays its own', async () => {
    sync.isAutoSyncEnabled = false;
    await run({ action: 'sync' });
    const step = await run({
      action: 'sync',
      infisicalSync: '',
      environment: 'prod',
      syncName: 'web-shop-prod',
    });

    assert.deepEqual([step.result, step.issues], ['Succeeded', []]);
  });
});
