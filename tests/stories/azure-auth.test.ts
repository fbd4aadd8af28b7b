import assert from 'node:assert/strict';
import { assertSynced, onAzure, signingIn, withAzureConnection } from '../support/azure-auth.js';
import { needsOf } from '../support/networks.js';

describe('Azure Auth with the managed identity of the agent', () => {
  it('signs in on a virtual machine, and asks for the audience that Infisical checks', () =>
    signingIn((setting, sync) =>
      onAzure(setting, { systemAssigned: setting.world.application }, async (service) => {
        assertSynced(await sync(), setting);
        const asked = service.requests.map(({ target }) => target);
        assert.deepEqual(asked.slice(1), [
          '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F',
        ]);
      }),
    ));

  it('signs in where the platform has its own address and header, which no log shows', () =>
    signingIn((setting, sync) =>
      onAzure(setting, { kind: 'platform', systemAssigned: setting.world.application }, async () => {
        const step = await sync();

        assertSynced(step, setting);
        assert.ok(!step.log.includes(setting.environment['IDENTITY_HEADER'] ?? assert.fail()));
      }),
    ));

  it('takes the one of several whose client ID the connection names', () =>
    signingIn((setting, sync) => {
      const { application, entra } = setting.world;
      const another = entra.addApplication({ tenant: application.tenant });
      setting.parameters = { managedIdentityClientId: application.id };
      return onAzure(setting, { systemAssigned: another, userAssigned: [application] }, async () => {
        assertSynced(await sync(), setting);
      });
    }));

  it('asks for another audience where the connection names one', () =>
    signingIn((setting, sync) => {
      const audience = 'https://infisical.example';
      Object.assign(setting.world.machine.azureAuth ?? {}, { resource: audience });
      setting.parameters = { audience };
      return onAzure(setting, { systemAssigned: setting.world.application }, async () => {
        assertSynced(await sync(), setting);
      });
    }));

  it('tries again while the service is being updated', () =>
    signingIn((setting, sync) =>
      onAzure(setting, { systemAssigned: setting.world.application }, async (service) => {
        service.faults.add({ match: {}, skip: 1, fault: { kind: 'status', status: 410 } });
        assertSynced(await sync(), setting);
      }),
    ));
});

describe('Azure Auth past a proxy', () => {
  before(needsOf('proxy'));

  it('asks the machine itself, and Infisical through the proxy', () =>
    signingIn(
      (setting, sync) =>
        onAzure(setting, { systemAssigned: setting.world.application }, async (service) => {
          assertSynced(await sync(), setting);
          assert.equal(service.requests.length, 2);
          assert.deepEqual(setting.world.network.pastProxy(), []);
          assert.ok(service.requests.every(({ address }) => address === '127.0.0.1'));
        }),
      { network: 'proxy' },
    ));
});

describe('Azure Auth with the token of a service connection', () => {
  for (const issuer of ['azure-devops', 'entra'] as const) {
    it(`takes that of Azure Resource Manager, whose job token the issuer "${issuer}" signs`, () =>
      signingIn(
        async (setting, sync) => {
          withAzureConnection(setting);
          assertSynced(await sync(), setting);
        },
        { issuer },
      ));
  }

  it('takes that of Azure DevOps, with which the step signs in there too', () =>
    signingIn(
      async (setting, sync) => {
        setting.parameters = { authenticationType: 'azureDevOpsConnection' };
        assertSynced(await sync(), setting);
      },
      { connectionType: 'entra' },
    ));
});
