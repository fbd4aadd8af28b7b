import assert from 'node:assert/strict';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import type { NewSecretSync } from '../../emulators/infisical/secret-syncs.js';
import { aWorld, shop, type World, type WorldOptions } from '../support/world.js';
import { tellWhy, type Refusal } from './refused.js';

/** As somebody made it in Infisical: `prod` is called Production there. */
const wizard: NewSecretSync = {
  name: 'shop-prod',
  environment: 'prod',
  path: '/api',
  description: 'for the web shop',
  isAutoSyncEnabled: false,
  syncOptions: {
    keySchema: 'INF_{{environment}}_{{secretKey}}',
    disableSecretDeletion: true,
    recursive: true,
  },
  destinationConfig: { devopsProjectId: shop.id, devopsProjectName: 'Shop' },
};
const inputs = { infisicalSync: 'shop-prod', environment: '' };
const projectId = '5f0c9a7e-1b2d-4e3f-8a9b-0c1d2e3f4a5b';
const api = { project: 'shop', environment: 'prod', path: '/api' };

async function withSync(
  sync: Partial<NewSecretSync>,
  run: (world: World) => Promise<void>,
  options: WorldOptions = {},
): Promise<void> {
  const world = await aWorld(options);
  try {
    world.infisical.setSecret(api, 'TOKEN', 'canary-token-Wd83');
    world.infisical.setSecret({ ...api, path: '/api/deep' }, 'KEY', 'canary-deep-Wd84');
    world.infisical.addSecretSync('shop', { ...wizard, ...sync });
    await run(world);
  } finally {
    await world.close();
  }
}

const messageOf = ({ issues }: FinishedStep): string => issues.map(({ message }) => message).join('\n');

describe('a sync of Infisical’s wizard', () => {
  it('gives environment, path, subfolders, key schema, deletion, name and description', () =>
    withSync({}, async (world) => {
      world.ado.addGroup({
        project: 'Shop',
        name: 'shop-prod',
        variables: { INF_prod_OLD: 'x', OTHER: 'y' },
      });
      const step = await world.sync({ ...inputs, infisicalProject: 'shop' });

      assert.deepEqual([step.result, step.issues], ['Succeeded', []]);
      assert.deepEqual(Object.keys(world.ado.variables('Shop', 'shop-prod')).sort(), [
        'INF_prod_KEY',
        'INF_prod_OLD',
        'INF_prod_TOKEN',
        'OTHER',
      ]);
      const { description = '' } = world.ado.group('Shop', 'shop-prod') ?? {};
      assert.match(description, /^for the web shop\n\[infisical-sync: shop-prod\b/);
    }));

  it('is told in the log and in the summary, with what was taken from it', () =>
    withSync({}, async (world) => {
      const step = await world.sync(inputs);

      const taken =
        'Taken from sync "shop-prod" in Infisical: environment "prod", path "/api", subfolders on, key schema "INF_{{environment}}_{{secretKey}}", Disable Secret Deletion on, description "for the web shop".';
      assert.ok(step.log.includes(taken));
      assert.match(step.summaries.at(-1)?.content ?? '', /Taken from sync "shop-prod" in Infisical/);
    }));

  it('is found by the project’s ID, too, and in the spelling that Infisical gives names', () =>
    withSync(
      {},
      async (world) => {
        const step = await world.sync({ ...inputs, infisicalProject: projectId, infisicalSync: 'Shop-Prod' });

        assert.equal(step.result, 'Succeeded');
      },
      { infisicalProjectId: projectId },
    ));

  it('signs in once and leaves no session behind', () =>
    withSync({}, async (world) => {
      await world.sync(inputs);

      assert.equal(world.infisical.requests.filter(({ path }) => path.endsWith('/login')).length, 1);
      assert.ok(world.infisical.tokens.every(({ revoked }) => revoked !== false));
    }));

  it('never disarms the guard of the first sync', () =>
    withSync({ syncOptions: {} }, async (world) => {
      world.ado.addGroup({ project: 'Shop', name: 'shop-prod', variables: { OLD: 'x' } });
      const step = await world.sync(inputs);

      assert.equal(step.result, 'Failed');
      assert.match(messageOf(step), /the first sync .* would delete|first sync/i);
      assert.deepEqual(Object.keys(world.ado.variables('Shop', 'shop-prod')), ['OLD']);
    }));

  it('may run by itself where it writes another group, or into another project', async () => {
    await withSync({ isAutoSyncEnabled: true }, async (world) => {
      assert.equal((await world.sync(inputs)).result, 'Succeeded');
    });
    const elsewhere = { devopsProjectId: '00000000-1111-4222-8333-444444444444', devopsProjectName: 'Shop' };
    await withSync({ isAutoSyncEnabled: true, destinationConfig: elsewhere }, async (world) => {
      assert.equal((await world.sync({ ...inputs, variableGroup: 'prod' })).result, 'Succeeded');
    });
  });

  it('is not read by a run that autoSync keeps from writing', () =>
    withSync({}, async (world) => {
      const step = await world.sync(
        { ...inputs, autoSync: 'false' },
        { agent: { variables: { 'build.reason': 'Schedule' } } },
      );

      assert.equal(step.result, 'Succeeded');
      assert.deepEqual(world.infisical.requests, []);
      assert.match(step.summaries.at(-1)?.content ?? '', /sync `shop-prod`/);
    }));

  it('sets the variables of a run, too', () =>
    withSync({ isAutoSyncEnabled: true }, async (world) => {
      const step = await world.sync({ ...inputs, destination: 'pipelineVariables', variableGroup: '' });

      assert.equal(step.result, 'Succeeded');
    }));
});

const made =
  (sync: Partial<NewSecretSync> = {}) =>
  ({ infisical }: World): void => {
    infisical.setSecret(api, 'TOKEN', 'canary-token-Wd83');
    infisical.addSecretSync('shop', { ...wizard, ...sync });
  };

const refusals: Refusal[] = [
  {
    title: 'inputs that say otherwise than the sync',
    prepare: made(),
    inputs: {
      infisicalSync: 'shop-prod',
      environment: 'prod',
      keySchema: 'A_{{secretKey}}',
      disableSecretDeletion: 'true',
      maxDeletions: 'many',
    },
    message:
      /infisicalSync: takes .*: "environment", "keySchema" and "disableSecretDeletion"\. Leave them empty.*\n *- maxDeletions: is "many"/,
  },
  {
    title: 'neither an environment nor a sync',
    inputs: { environment: '' },
    message: /environment: is empty/,
  },
  {
    title: 'a sync whose folder is gone',
    prepare: (world) => {
      made()(world);
      world.infisical.deleteFolder(api);
    },
    inputs,
    message: /The sync "shop-prod" in the Infisical project "shop" has no source/,
  },
  {
    title: 'a sync that is not there',
    inputs,
    message: /has no sync "shop-prod" to Azure DevOps in the project "shop"/,
  },
  {
    title: 'a sync with another destination',
    prepare: made({ destination: 'github' }),
    inputs,
    message: /has another destination than Azure DevOps/,
  },
  {
    title: 'a role that may not read syncs',
    world: { role: { rules: [{ actions: ['describeSecret', 'readValue'] }] } },
    prepare: made(),
    inputs,
    message:
      /may not read secret syncs in the project "shop"\. Give its role the permission "Read" on "Secret Syncs"/,
  },
  {
    title: 'a server that is too old for syncs',
    world: { infisical: 'legacy-2024' },
    inputs,
    message: /is too old to describe the sync "shop-prod"/,
  },
  {
    title: 'a sync that runs by itself and writes this very group',
    prepare: made({ isAutoSyncEnabled: true }),
    inputs: { ...inputs, variableGroup: 'PROD' },
    message:
      /Infisical runs sync "shop-prod" automatically, and that sync also writes variable group "PROD" in project "Shop"\..*Turn off Auto-Sync/,
  },
  {
    title: 'a plan for a group that a sync writes by itself',
    prepare: made({ isAutoSyncEnabled: true }),
    inputs: { ...inputs, variableGroup: 'prod', action: 'plan' },
    message: /Infisical runs sync "shop-prod" automatically/,
  },
  {
    title: 'no group, for which Infisical’s own name is proposed',
    prepare: made(),
    inputs: { ...inputs, variableGroup: '' },
    message: /variableGroup: is empty\. .*Infisical’s own sync uses "prod", the name of the environment/,
  },
  {
    title: 'a key schema of Infisical that Azure Pipelines can’t refer to',
    prepare: made({ syncOptions: { keySchema: 'a/{{secretKey}}' } }),
    inputs,
    message: /keySchema: is "a\/\{\{secretKey\}\}".*This comes from the sync "shop-prod" in Infisical/,
  },
  {
    title: 'a removal that the sync forbids',
    prepare: made(),
    inputs: { ...inputs, action: 'remove' },
    message: /action: is "remove", but disableSecretDeletion is true.*This comes from the sync "shop-prod"/,
  },
];

describe('a sync of Infisical’s wizard that can’t be run', () => {
  tellWhy(refusals);
});
