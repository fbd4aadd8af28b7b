import assert from 'node:assert/strict';
import type { JSONWebKeySet } from 'jose';
import { aWorld, type World } from '../support/world.js';

/** The organization signs by the name that it has in the cloud; its keys are asked for here. */
async function withOldIssuer(run: (world: World) => Promise<void>): Promise<void> {
  const world = await aWorld({ origins: { vstoken: 'https://vstoken.dev.azure.com' } });
  try {
    const { pathname } = new URL(world.ado.issuers.azureDevOps);
    const keys = await fetch(`${world.ado.origin}${pathname}/.well-known/jwks`);
    assert.ok(world.machine.oidcAuth);
    world.machine.oidcAuth.jwks = (await keys.json()) as JSONWebKeySet;
    await run(world);
  } finally {
    await world.close();
  }
}

describe('a token of the issuer that ends in 2027', () => {
  it('still signs in, with a warning that tells the date and the way', () =>
    withOldIssuer(async (world) => {
      const step = await world.sync({}, { auth: 'oidc' });

      assert.equal(step.result, 'SucceededWithIssues');
      assert.deepEqual(
        step.issues.map(({ type }) => type),
        ['warning'],
      );
      assert.match(
        step.issues[0]?.message ?? '',
        /infisicalConnection gets tokens from the issuer "https:\/\/vstoken\.dev\.azure\.com", which Azure DevOps retires on 2027-07-01\. Before that day, convert.*Azure Auth/,
      );
    }));

  it('is no matter where nobody asks for one', () =>
    withOldIssuer(async (world) => {
      assert.equal((await world.sync({}, { auth: 'universal' })).result, 'Succeeded');
    }));

  it('is none where a server or Microsoft Entra signs', async () => {
    for (const issuer of ['azure-devops', 'entra'] as const) {
      const world = await aWorld({ issuer });
      try {
        assert.equal((await world.sync({}, { auth: 'oidc' })).result, 'Succeeded');
      } finally {
        await world.close();
      }
    }
  });
});
