import { getBearerHandler, WebApi } from 'azure-devops-node-api';
import type { ITaskAgentApi } from 'azure-devops-node-api/TaskAgentApi.js';
import { AzureDevOpsEmulator } from '../emulator.js';
import type { Profile } from '../versions.js';

export const bearer = 'a-bearer-token';
export const pat = 'a-personal-access-token';
export const project = 'my proj';

export interface Fixture {
  ado: AzureDevOpsEmulator;
  projectId: string;
  client: WebApi;
  groups: () => Promise<ITaskAgentApi>;
}

/** Runs with Microsoft's own client, signed in to an emulator with one project. */
export async function withClient(
  options: { profile?: Profile; token?: string },
  run: (fixture: Fixture) => Promise<void>,
): Promise<void> {
  const ado = await AzureDevOpsEmulator.start({ profile: options.profile ?? 'services' });
  try {
    const { id: projectId } = ado.addProject({ name: project });
    ado.addIdentity({ name: 'build', bearer, pat });
    const client = new WebApi(ado.collectionUrl, getBearerHandler(options.token ?? bearer));
    await run({ ado, projectId, client, groups: () => client.getTaskAgentApi() });
  } finally {
    await ado.close();
  }
}
