import assert from 'node:assert/strict';
import type { MetadataOptions } from '../../emulators/entra/metadata-service.js';
import type { AzureAuth } from '../../emulators/infisical/identities.js';
import { onAzure, signingIn, withAzureConnection, type AzureSetting } from '../support/azure-auth.js';
import type { NetworkWorldOptions } from '../support/network-world.js';

interface AzureRefusal {
  title: string;
  world?: NetworkWorldOptions;
  prepare?: (setting: AzureSetting) => void;
  /** What the agent's machine has; a machine of somebody else where it is left out. */
  machine?: (setting: AzureSetting) => MetadataOptions;
  message: RegExp;
}

const own = ({ world }: AzureSetting): MetadataOptions => ({ systemAssigned: world.application });
const trusting =
  (change: Partial<AzureAuth>) =>
  ({ world }: AzureSetting): void => {
    Object.assign(world.machine.azureAuth ?? assert.fail(), change);
  };

const lines =
  /Tenant ID: [0-9a-f-]{36}\n *Resource \/ Audience: https:\/\/management\.azure\.com\/\n *Allowed Service Principal IDs: [0-9a-f-]{36}\n/;

const refusals: AzureRefusal[] = [
  {
    title: 'an agent that is not on Azure',
    prepare: (setting) => {
      // Where nothing listens: port 1 is nobody's.
      setting.environment['AZURE_POD_IDENTITY_AUTHORITY_HOST'] = 'http://127.0.0.1:1';
    },
    message: /this agent is not on Azure or has no working token service: "127\.0\.0\.1:1" gave no answer\./,
  },
  {
    title: 'an address of a metadata service that is not this machine',
    prepare: (setting) => {
      setting.environment['AZURE_POD_IDENTITY_AUTHORITY_HOST'] = 'http://metadata.example';
    },
    message: /AZURE_POD_IDENTITY_AUTHORITY_HOST names "metadata\.example", which is not an address of this/,
  },
  {
    title: 'an address of a platform that is not this machine',
    prepare: (setting) => {
      Object.assign(setting.environment, {
        IDENTITY_ENDPOINT: 'https://10.0.0.7/msi/token',
        IDENTITY_HEADER: 'x',
      });
    },
    message: /IDENTITY_ENDPOINT names "10\.0\.0\.7", which is not an address of this machine/,
  },
  {
    title: 'a machine without a managed identity',
    machine: () => ({}),
    message: /this machine has no managed identity\. Microsoft-hosted agents never have one\. Assign one/,
  },
  {
    title: 'a managed identity that the machine does not have',
    prepare: (setting) => {
      setting.parameters = { managedIdentityClientId: '00000000-1111-4222-8333-444444444444' };
    },
    machine: own,
    message: /no managed identity with the client ID that the connection names/,
  },
  {
    title: 'several managed identities, and none named',
    machine: ({ world }) => ({
      userAssigned: [world.application, world.entra.addApplication({ tenant: world.application.tenant })],
    }),
    message: /this machine has several\. Enter the client ID/,
  },
  {
    title: 'an audience that Microsoft Entra does not know',
    prepare: (setting) => {
      setting.parameters = { audience: 'nothing' };
    },
    machine: own,
    message: /Microsoft Entra has no resource "nothing"\. Correct the audience/,
  },
  {
    title: 'a tenant that the machine identity does not trust',
    prepare: trusting({ tenantId: '99999999-8888-4777-8666-555555555555' }),
    machine: own,
    message: new RegExp(`the token is from another tenant.*${lines.source}`, 's'),
  },
  {
    title: 'an audience that the machine identity does not trust with Azure Auth',
    prepare: trusting({ resource: 'https://vault.azure.net' }),
    machine: own,
    message: new RegExp(`for another audience.*${lines.source}`, 's'),
  },
  {
    title: 'a service principal that the machine identity does not allow',
    prepare: trusting({ allowedServicePrincipalIds: '00000000-1111-4222-8333-444444444444' }),
    machine: own,
    message: new RegExp(
      `service principal is not one that the machine identity allows.*${lines.source}`,
      's',
    ),
  },
  {
    title: 'a signature that Infisical can’t check with Microsoft’s keys',
    prepare: trusting({ jwks: { keys: [] } }),
    machine: own,
    message: /could not check the signature of the token with Microsoft’s keys/,
  },
  {
    title: 'a machine identity without Azure Auth',
    prepare: ({ world }) => {
      delete world.machine.azureAuth;
    },
    machine: own,
    message: /no machine identity with this ID that signs in with Azure Auth/,
  },
  {
    title: 'no azureConnection where its token is asked for',
    prepare: (setting) => {
      setting.parameters = { authenticationType: 'azureConnection' };
    },
    message: /azureConnection: is empty\./,
  },
  {
    title: 'an azureConnection that holds a secret',
    prepare: (setting) => {
      withAzureConnection(setting, { scheme: 'ServicePrincipal' });
    },
    message: /azureConnection: its scheme "ServicePrincipal" is not workload identity federation/,
  },
  {
    title: 'an azureDevOpsConnection that does not count, where its token is asked for',
    prepare: (setting) => {
      setting.parameters = { authenticationType: 'azureDevOpsConnection' };
    },
    message: /azureDevOpsConnection: is not used by this step.*Set azureDevOpsConnectionType to "entra"/,
  },
  {
    title: 'an azureDevOpsConnection beside a destination that has none, where its token is asked for',
    prepare: (setting) => {
      setting.parameters = { authenticationType: 'azureDevOpsConnection' };
      setting.inputs = { destination: 'pipelineVariables', variableGroup: '' };
    },
    message:
      /azureDevOpsConnection: is not used with destination "pipelineVariables".*Choose another destination/,
  },
  {
    title: 'no federated credential for azureConnection',
    prepare: (setting) => {
      withAzureConnection(setting);
      setting.world.application.federatedCredentials.length = 0;
    },
    message:
      /no federated credential for this token on the application or managed identity of azureConnection/,
  },
  {
    title: 'a token of nobody that is known',
    prepare: (setting) => {
      setting.parameters = { authenticationType: 'somebody' };
    },
    message: /infisicalConnection: its field "Token of" is "somebody"\. Choose one of "managedIdentity"/,
  },
];

describe('no way in by Azure Auth', () => {
  for (const { title, world, prepare, machine, message } of refusals) {
    it(`says why, and writes nothing: ${title}`, () =>
      signingIn(async (setting, sync) => {
        prepare?.(setting);
        const look = async (): Promise<void> => {
          const { result, issues } = await sync();

          assert.equal(result, 'Failed');
          assert.equal(issues.length, 1);
          assert.match(issues[0]?.message ?? '', message);
          assert.match(issues[0]?.message ?? '', /Nothing was written\.$/);
          assert.equal(setting.world.target.group('Shop', 'shop-prod'), undefined);
        };
        await (machine === undefined ? look() : onAzure(setting, machine(setting), look));
      }, world));
  }

  it('says at once that the agent is not on Azure, where the address never answers', () =>
    signingIn((setting, sync) =>
      onAzure(setting, own(setting), async (service) => {
        service.faults.add({ match: {}, fault: { kind: 'hang' }, times: 5 });
        const startMs = performance.now();

        const { issues } = await sync();

        assert.match(issues[0]?.message ?? '', /this agent is not on Azure.*gave no answer/);
        assert.equal(service.requests.length, 1);
        assert.ok(performance.now() - startMs < 15_000);
      }),
    ));

  it('knows the metadata service of another cloud by its answer', () =>
    signingIn((setting, sync) =>
      onAzure(setting, own(setting), async (service) => {
        service.faults.add({ match: {}, fault: { kind: 'html', status: 404 }, times: 5 });

        const { issues } = await sync();

        assert.match(issues[0]?.message ?? '', /this agent is not on Azure.*answered with status 404/);
        assert.equal(service.requests.length, 1);
      }),
    ));
});
