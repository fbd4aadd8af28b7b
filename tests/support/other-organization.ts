import { randomUUID } from 'node:crypto';
import { AzureDevOpsEmulator } from '../../emulators/azure-devops/emulator.js';
import type { Identity } from '../../emulators/azure-devops/identities.js';
import type { ServiceConnection } from '../../emulators/azure-devops/oidc-tokens.js';
import type { Profile } from '../../emulators/azure-devops/versions.js';
import type { Application } from '../../emulators/entra/applications.js';
import type { EntraEmulator } from '../../emulators/entra/emulator.js';
import type { Endpoint } from '../../emulators/agent/endpoints.js';
import type { World } from './world.js';

export type ConnectionType = 'currentPipeline' | 'entra' | 'personalAccessToken';

export const personalAccessToken = 'canary-pat-Rg64VnHk8Sw3';
const project = 'Shop';
const entraName = 'other organization';
const tokenName = 'other organization by token';

/** Another organization or server than that of the pipeline, with a project of the same name. */
export interface OtherOrganization {
  target: AzureDevOpsEmulator;
  writer: Identity;
}

/** An application of Entra that trusts the service connection of the pipeline's organization. */
export interface Principal {
  application: Application;
  connection: ServiceConnection;
}

export function addPrincipal(
  { ado }: Pick<World, 'ado'>,
  entra: EntraEmulator,
  issuer: ServiceConnection['issuer'] = 'azure-devops',
): Principal {
  const application = entra.addApplication({ tenant: ado.tenant });
  const connection = ado.addServiceConnection({
    project,
    name: entraName,
    issuer,
    applicationId: application.id,
  });
  application.federatedCredentials.push(ado.federationOf(connection));
  return { application, connection };
}

/** @param profile a server has its collection below `tfs` */
export async function startOtherOrganization(
  { ado }: Pick<World, 'ado'>,
  parts: { entra: EntraEmulator; principal: Principal; profile: Profile; now?: () => number },
): Promise<OtherOrganization> {
  const { entra, principal, profile, now } = parts;
  const target = await AzureDevOpsEmulator.start({
    profile,
    organization: profile === 'services' ? 'other-org' : 'tfs/OtherCollection',
    tenant: ado.tenant,
    entra,
    ...(now === undefined ? {} : { now }),
  });
  target.addProject({ id: randomUUID(), name: project });
  const writer = target.addIdentity({
    name: 'deployer',
    pat: personalAccessToken,
    servicePrincipal: principal.application.id,
  });
  return { target, writer };
}

/** The service connection with which a step signs in to the other organization; none for the pipeline's own. */
export function connectionFor(
  connectionType: ConnectionType,
  { target, principal, authority }: { target: AzureDevOpsEmulator; principal: Principal; authority: string },
): (Omit<Endpoint, 'id'> & { id?: string }) | undefined {
  if (connectionType === 'currentPipeline') return undefined;
  if (connectionType === 'personalAccessToken') {
    return {
      name: tokenName,
      type: 'externaltfs',
      url: target.collectionUrl,
      scheme: 'Token',
      parameters: { apitoken: personalAccessToken },
    };
  }
  const { application, connection } = principal;
  return {
    id: connection.id,
    name: entraName,
    type: 'workloadidentityuser',
    url: target.collectionUrl,
    scheme: 'WorkloadIdentityFederation',
    parameters: { tenantid: application.tenant, serviceprincipalid: application.id },
    data: { activeDirectoryAuthority: `${authority}/` },
  };
}

/** What a step says of it. */
export const inputsFor: Record<ConnectionType, Record<string, string>> = {
  currentPipeline: {},
  entra: {
    azureDevOpsConnectionType: 'entra',
    azureDevOpsConnection: entraName,
    azureDevOpsProject: project,
  },
  personalAccessToken: {
    azureDevOpsConnectionType: 'personalAccessToken',
    azureDevOpsTokenConnection: tokenName,
    azureDevOpsProject: project,
  },
};
