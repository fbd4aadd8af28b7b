import assert from 'node:assert/strict';
import { aWorld, canary } from '../support/world.js';
import { tellWhy, type Refusal } from './refused.js';

const token = (apitoken: string): NonNullable<Refusal['options']> => ({
  auth: 'token',
  connection: { scheme: 'Token', parameters: { apitoken } },
});

/** A client secret that is over is told once only; from then on Infisical calls it a wrong one. */
const expiredAndTried: Refusal['prepare'] = async (world) => {
  world.infisical.addMachineIdentity({
    name: 'expired',
    universalAuth: { clientId: 'client-2', clientSecret: canary.old, state: 'expired' },
    projects: { shop: 'admin' },
  });
  await world.sync({}, second);
};
const second = { connection: { parameters: { username: 'client-2', password: canary.old } } };

const refusals: Refusal[] = [
  {
    title: 'a service token in place of an access token',
    options: token(`st.aaaaaaaa.bbbbbbbb.${canary.old}`),
    message: /does not know the access token of the service connection, which is a service token/,
  },
  {
    title: 'a slug with letters that slugs can’t have',
    inputs: { infisicalProject: 'my_shop' },
    message:
      /does not look up the slug "my_shop" of infisicalProject.*Set infisicalProject to the project ID/,
  },
  {
    title: 'a path with a dot',
    inputs: { secretPath: '/api/../web' },
    message: /secretPath "\/api\/\.\.\/web" can’t be a path/,
  },
  {
    title: 'a client secret that was found expired before',
    prepare: expiredAndTried,
    options: second,
    message: /client secret is wrong, or the client secret has expired, was revoked or has no uses left/,
  },
  {
    title: 'an old server that can’t tell an empty folder from none',
    world: { infisical: 'legacy-2024' },
    prepare: ({ infisical }) => {
      const message = 'Route GET:/api/v1/secret-imports not found';
      const body = { message, error: 'Not Found', statusCode: 404 };
      infisical.faults.add({
        match: { path: /secret-imports/ },
        times: 9,
        fault: { kind: 'status', status: 404, body },
      });
    },
    inputs: { environment: 'dev' },
    message: /does not know a route that this task needs/,
  },
];

describe('what Infisical refuses', () => {
  tellWhy(refusals);
});

describe('a token that is used up when the run ends', () => {
  it('is revoked all the same', async () => {
    const world = await aWorld();
    try {
      // The project by its slug, and two lists.
      world.machine.tokens = { usesLimit: 3 };

      const step = await world.sync();

      assert.equal(step.result, 'Succeeded');
      assert.deepEqual(
        world.infisical.tokens.map(({ uses, revoked }) => [uses, revoked]),
        [[3, true]],
      );
    } finally {
      await world.close();
    }
  });
});
