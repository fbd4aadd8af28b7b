import assert from 'node:assert/strict';
import { connectionName, aWorld, type World } from '../support/world.js';

/** In the address of a connection, where it should not be; the mini-agent does not know it, so it looks for nothing. */
const secret = 'token-in-an-address-Qw83ZxPl';

describe('the address of a service connection', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  for (const address of [`https://host/?access_token=${secret}`, `https://user:${secret}@host/`]) {
    it(`is not printed by anybody before it is looked at: ${address.replace(secret, '…')}`, async () => {
      const step = await world.sync(
        {},
        { agent: { debug: true }, connection: { url: address, name: connectionName } },
      );

      assert.equal(step.result, 'Failed');
      assert.match(
        step.issues[0]?.message ?? '',
        /infisicalConnection: its Infisical URL contains (?:a query|a user name)/,
      );
      assert.deepEqual(
        [...step.raw, step.log].filter((text) => text.includes(secret)),
        [],
      );
    });
  }
});
