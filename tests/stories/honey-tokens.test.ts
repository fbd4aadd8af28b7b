import assert from 'node:assert/strict';
import { aWorld } from '../support/world.js';

describe('honey tokens of Infisical', () => {
  it('are synced as anything else, and a notice names them, in a green run', async () => {
    const world = await aWorld();
    try {
      const prod = { project: 'shop', environment: 'prod' };
      world.infisical.setSecret(prod, 'AWS_BAIT', 'canary-bait-Hn47', { isHoneyToken: true });
      const step = await world.sync();

      assert.deepEqual([step.result, step.issues], ['Succeeded', []]);
      assert.ok('AWS_BAIT' in world.ado.variables('Shop', 'shop-prod'));
      const summary = step.summaries.at(-1)?.content ?? '';
      assert.match(summary, /1 secret is a honey token of Infisical: "AWS\\_BAIT"/);
    } finally {
      await world.close();
    }
  });
});
