import assert from 'node:assert/strict';
import type { Endpoint } from '../../emulators/agent/endpoints.js';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { MetadataService, type MetadataOptions } from '../../emulators/entra/metadata-service.js';
import type { AzureAuth } from '../../emulators/infisical/identities.js';
import { aNetworkWorld, type NetworkWorld, type NetworkWorldOptions } from './network-world.js';
import { connectionName } from './world.js';

const resource = 'https://management.azure.com/';

/** A step that signs in to Infisical by Azure Auth; a test changes what matters to it. */
export interface AzureSetting {
  world: NetworkWorld;
  /** What the machine of the agent has, as the platform tells programs. */
  environment: Record<string, string>;
  /** Parameters of the service connection. */
  parameters: Record<string, string>;
  /** Further service connections of the job. */
  others: (Omit<Endpoint, 'id'> & { id?: string })[];
  inputs: Record<string, string>;
}

/** A machine identity trusts the service principal of `world.application`, and nobody else. */
export async function signingIn(
  run: (setting: AzureSetting, sync: () => Promise<FinishedStep>) => Promise<void>,
  options: NetworkWorldOptions = {},
): Promise<void> {
  const world = await aNetworkWorld(options);
  try {
    const { application, entra, machine } = world;
    machine.azureAuth = {
      tenantId: application.tenant,
      resource,
      allowedServicePrincipalIds: application.objectId,
      jwks: await entra.keySet(),
    } satisfies AzureAuth;
    const setting: AzureSetting = { world, environment: {}, parameters: {}, others: [], inputs: {} };
    await run(setting, () => sync(setting));
  } finally {
    await world.close();
  }
}

function sync({ world, environment, parameters, others, inputs }: AzureSetting): Promise<FinishedStep> {
  const connection = {
    scheme: 'Certificate',
    parameters: { identityId: world.machine.id ?? '', ...parameters },
  };
  const url = world.network.urlOf('infisical');
  const infisical = { id: world.connection.id, name: connectionName, type: 'infisicalMachineIdentity', url };
  return world.sync(inputs, {
    connection,
    agent: {
      variables: { 'system.debug': 'true' },
      environment,
      ...(others.length === 0 ? {} : { endpoints: [{ ...infisical, ...connection }, ...others] }),
    },
  });
}

/** The machine of the agent is one of Azure meanwhile. */
export async function onAzure(
  setting: AzureSetting,
  options: MetadataOptions,
  run: (service: MetadataService) => Promise<void>,
): Promise<void> {
  const service = await MetadataService.start(setting.world.entra, options);
  Object.assign(setting.environment, service.environment);
  try {
    await run(service);
  } finally {
    await service.close();
  }
}

/** The step names a service connection of Azure Resource Manager, whose token it is. */
export function withAzureConnection(setting: AzureSetting, rest: Partial<Endpoint> = {}): void {
  const { world } = setting;
  const { application, entra, ado } = world;
  const registered = ado.addServiceConnection({
    project: 'Shop',
    name: 'azure',
    issuer: world.connection.issuer,
    applicationId: application.id,
  });
  application.federatedCredentials.push(ado.federationOf(registered));
  setting.parameters = { authenticationType: 'azureConnection', ...setting.parameters };
  setting.inputs = { azureConnection: 'azure', ...setting.inputs };
  setting.others.push({
    id: registered.id,
    name: 'azure',
    type: 'azurerm',
    url: resource,
    scheme: 'WorkloadIdentityFederation',
    parameters: { tenantid: application.tenant, serviceprincipalid: application.id },
    data: { activeDirectoryAuthority: `${entra.origin}/` },
    ...rest,
  });
}

export function assertSynced({ result, issues }: FinishedStep, { world }: AzureSetting): void {
  assert.deepEqual([result, issues], ['Succeeded', []]);
  assert.deepEqual(Object.keys(world.target.variables('Shop', 'shop-prod')), ['API_KEY', 'DB_PASSWORD']);
  assert.ok(world.infisical.tokens.every(({ revoked }) => revoked !== false));
}
