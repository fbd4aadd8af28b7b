import assert from 'node:assert/strict';
import { aWorld, canary, type World } from '../support/world.js';

describe('the first sync', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  it('creates the group with every secret, marked and verified', async () => {
    const step = await world.sync();

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(world.ado.variables('Shop', 'shop-prod'), {
      API_KEY: { value: canary.api, isSecret: true, isReadOnly: false },
      DB_PASSWORD: { value: canary.database, isSecret: true, isReadOnly: false },
    });
    assert.equal(world.ado.group('Shop', 'shop-prod')?.description, '[infisical-sync: shop-prod]');
  });
});
