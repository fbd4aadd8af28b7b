import assert from 'node:assert/strict';
import { recipe, runRecipe } from '../support/recipe-run.js';
import { aWorld, canary, type World } from '../support/world.js';

/** What the recipes about changes promise beside that their YAML runs. */

const root = { project: 'shop', environment: 'prod' };

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.close());

const namesIn = (group: string): string[] => Object.keys(world.ado.variables('Shop', group)).sort();

describe('the recipe for an approval', () => {
  const group = 'shop-prod';
  const remove = (key: string): void => {
    world.infisical.deleteSecret(root, key);
  };
  beforeEach(async () => {
    for (const key of ['A', 'B', 'C']) world.infisical.setSecret(root, key, canary.plain);
    await world.sync();
  });

  it('carries out what was approved', async () => {
    remove('A');

    await runRecipe(world, recipe('approval'));

    assert.deepEqual(namesIn(group), ['API_KEY', 'B', 'C', 'DB_PASSWORD']);
  });

  for (const [title, change, message] of [
    [
      'one more deletion',
      () => {
        remove('B');
      },
      /not approved: delete "B"/,
    ],
    [
      'another value',
      () => {
        world.infisical.setSecret(root, 'C', canary.old);
      },
      /not approved, or not with this value: update "C" \((?:secret, |plain, )?different\)/,
    ],
    [
      'an edit by hand',
      () => {
        world.ado.editGroup('Shop', group, ({ variables }) => variables.delete('C'));
      },
      /was changed, created or deleted after the plan was made/,
    ],
  ] as const) {
    it(`refuses ${title}, and writes nothing`, async () => {
      remove('A');
      const other = runRecipe(world, recipe('approval'), (job) => {
        if (job === 2) change();
      });

      await assert.rejects(other, message);
      assert.ok(namesIn(group).includes('A'));
    });
  }

  it('is right that a plan fails where a sync would be refused', async () => {
    world.ado.addGroup({ project: 'Shop', name: 'by-hand', variables: { MINE: 'x' } });

    const step = await world.sync({ variableGroup: 'by-hand', action: 'plan', maxDeletions: '-1' });

    assert.match(step.log, /the first sync .* would delete or empty 1 of 1 variable: "MINE"/);
  });
});

describe('the recipe for a nightly check', () => {
  it('succeeds after a sync and fails after an edit by hand', async () => {
    await runRecipe(world, recipe('drift-check'));
    await runRecipe(world, recipe('drift-check', 1));
    world.ado.editGroup('Shop', 'shop-prod', ({ variables }) => {
      variables.set('API_KEY', { value: canary.old, isSecret: true, isReadOnly: false, extra: {} });
    });

    await assert.rejects(
      runRecipe(world, recipe('drift-check', 1)),
      /the group was edited since the last sync/,
    );
    assert.equal(world.ado.variables('Shop', 'shop-prod')['API_KEY']?.value, canary.old);
  });

  it('needs no more than to read the group', async () => {
    await runRecipe(world, recipe('drift-check'));
    world.build.groupRoles['shop-prod'] = 'reader';

    await runRecipe(world, recipe('drift-check', 1));
  });
});

describe('the recipe for deploying when a secret changed', () => {
  it('deploys after a change, and only then', async () => {
    const steps = [
      await runRecipe(world, recipe('deploy-when-changed')),
      await runRecipe(world, recipe('deploy-when-changed')),
    ];
    world.infisical.setSecret(root, 'API_KEY', canary.old);
    steps.push(await runRecipe(world, recipe('deploy-when-changed')));

    assert.deepEqual(
      steps.map(({ length }) => length),
      [2, 1, 2],
    );
  });
});
