import assert from 'node:assert/strict';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { recipe, runRecipe } from '../support/recipe-run.js';
import { aWorld, canary, type World } from '../support/world.js';

/** What the recipes promise beside that their YAML runs. */

const root = { project: 'shop', environment: 'prod' };

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.close());

const namesIn = (group: string): string[] => Object.keys(world.ado.variables('Shop', group)).sort();
const secret = (value: string) => ({ value, isSecret: true });

describe('the recipe for several groups', () => {
  it('makes a group for each folder, with what is in that folder', async () => {
    for (const path of ['/api', '/web', '/worker'])
      world.infisical.setSecret({ ...root, path }, `TOKEN_OF_${path.slice(1).toUpperCase()}`, canary.plain);

    await runRecipe(world, recipe('several-groups'));

    assert.deepEqual(['shop-api-prod', 'shop-web-prod', 'shop-worker-prod'].map(namesIn), [
      ['TOKEN_OF_API'],
      ['TOKEN_OF_WEB'],
      ['TOKEN_OF_WORKER'],
    ]);
  });

  it('brings several folders into one group, each with its own prefix', async () => {
    for (const path of ['/api', '/web']) world.infisical.setSecret({ ...root, path }, 'TOKEN', canary.plain);

    await runRecipe(world, recipe('several-groups', 2));

    assert.deepEqual(namesIn('shop-all-prod'), ['API_TOKEN', 'WEB_TOKEN']);
  });

  it('tells key schemas apart that begin alike, also when the first sync runs again', async () => {
    for (const path of ['/api', '/web']) world.infisical.setSecret({ ...root, path }, 'TOKEN', canary.plain);

    await runRecipe(world, recipe('several-groups', 3));
    const again = await runRecipe(world, recipe('several-groups', 3));

    assert.deepEqual(namesIn('shop-app-prod'), ['APP_TOKEN', 'APP_WEB_TOKEN']);
    assert.deepEqual(
      again.map(({ result }) => result),
      ['Succeeded', 'Succeeded'],
    );
  });

  it('is right that without a key schema the second folder is refused', async () => {
    world.infisical.setSecret({ ...root, path: '/web' }, 'TOKEN', canary.plain);
    await world.sync({ variableGroup: 'shop-all-prod' });

    const step = await world.sync({ secretPath: '/web', variableGroup: 'shop-all-prod' });

    assert.match(step.log, /belongs to sync "shop-prod(?:-\w+)?" \(owns \*\)/);
  });
});

describe('the recipe for leaving the server-side sync', () => {
  const group = 'Production';
  const plan = recipe('from-infisicals-sync');
  const leftByTheOther = (more: Record<string, ReturnType<typeof secret> | string> = {}): void => {
    const variables = { DB_PASSWORD: secret(canary.old), API_KEY: secret(canary.old), ...more };
    world.ado.addGroup({ project: 'Shop', name: group, description: group, variables });
  };
  const sync = (inputs: Record<string, string> = {}): Promise<FinishedStep> =>
    world.sync({ variableGroup: group, ...inputs });

  it('plans a rewrite of what both have', async () => {
    leftByTheOther();

    const [step] = await runRecipe(world, plan);

    assert.match(step?.log ?? '', /: 2 to rewrite\./);
  });

  it('plans no deletion that nobody has agreed to', async () => {
    leftByTheOther({ MANUAL: 'by hand' });

    await assert.rejects(runRecipe(world, plan), /would delete or empty 1 of 3 variables: "MANUAL"/);
  });

  for (const [title, inputs, left] of [
    ['keeps it', { disableSecretDeletion: 'true' }, ['API_KEY', 'DB_PASSWORD', 'MANUAL']],
    ['lets Infisical win', { initialSyncBehavior: 'overwriteDestination' }, ['API_KEY', 'DB_PASSWORD']],
  ] as [string, Record<string, string>, string[]][]) {
    it(`then ${title}, with ${Object.keys(inputs).join()}`, async () => {
      leftByTheOther({ MANUAL: 'by hand' });

      assert.equal((await sync(inputs)).result, 'Succeeded');
      assert.deepEqual(namesIn(group), left);
    });
  }

  it('with a key schema, deletes what matches when it is told to, and touches nothing else', async () => {
    leftByTheOther({ APP_OLD: secret(canary.old) });
    const inputs = { keySchema: 'APP_{{secretKey}}' };

    assert.match((await sync(inputs)).log, /would delete or empty 1 of 3 variables: "APP_OLD"/);
    await sync({ ...inputs, initialSyncBehavior: 'overwriteDestination' });

    assert.deepEqual(namesIn(group), ['API_KEY', 'APP_API_KEY', 'APP_DB_PASSWORD', 'DB_PASSWORD']);
  });

  it('keeps the description and adds its mark', async () => {
    leftByTheOther();

    await sync();

    assert.match(
      world.ado.group('Shop', group)?.description ?? '',
      /^Production\n\[infisical-sync: shop-prod\S* owns \*\]/,
    );
  });

  it('is right about the other one running once more: refused as a first sync, and nothing is lost', async () => {
    leftByTheOther();
    await sync();
    world.ado.editGroup('Shop', group, (stored) => {
      stored.description = group;
    });
    world.infisical.deleteSecret(root, 'API_KEY');

    assert.match((await sync()).log, /the first sync .* would delete or empty 1 of 2 variables: "API_KEY"/);
    assert.equal((await sync({ initialSyncBehavior: 'overwriteDestination' })).result, 'Succeeded');
    assert.deepEqual(namesIn(group), ['DB_PASSWORD']);
  });
});

describe('the recipe for leaving Azure Key Vault', () => {
  it('is right that a group that is linked to a vault is refused', async () => {
    const linked = { type: 'AzureKeyVault', providerData: { vault: 'shop-prod' } };
    world.ado.addGroup({ project: 'Shop', name: 'shop-prod', ...linked, variables: { A: secret('') } });

    assert.match((await world.sync()).log, /is linked to a vault/);
  });

  it('is right that a name with a hyphen works as a variable, with a note', async () => {
    world.infisical.setSecret(root, 'DB-PASSWORD', canary.plain);
    const job = world.job();
    try {
      const inputs = {
        infisicalConnection: 'infisical',
        infisicalProject: 'shop',
        environment: 'prod',
        destination: 'pipelineVariables',
      };
      const step = await job.runStep({ inputs });
      const script = `if (process.env.DB_PASSWORD.length !== ${String(canary.plain.length)}) process.exit(1);`;
      const after = await job.runScript({ script, env: { DB_PASSWORD: '$(DB-PASSWORD)' } });

      assert.match(step.log, /Note: Scripts cannot read these variables by name\. .*: "DB-PASSWORD"\./);
      assert.equal(after.result, 'Succeeded');
    } finally {
      job.dispose();
    }
  });

  it('is right that an empty secret is an empty variable', async () => {
    world.infisical.setSecret(root, 'EMPTY', '');

    const step = await world.sync({ destination: 'pipelineVariables' });

    assert.match(step.log, /\+ EMPTY +create/);
  });
});

describe('the recipe for a classic release', () => {
  const release = { agent: { hostType: 'release' } } as const;

  it('sets the variables of a stage without a role in the Library', async () => {
    world.build.library = 'none';

    const step = await world.sync({ destination: 'pipelineVariables' }, release);

    assert.equal(step.result, 'Succeeded');
  });

  it('writes a group', async () => {
    const step = await world.sync({}, release);

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(namesIn('shop-prod'), ['API_KEY', 'DB_PASSWORD']);
  });
});
