// The same with one update per variable, as scripts around a command line do it: read the group, change one, write it.
import type { VariableGroupParameters } from 'azure-devops-node-api/interfaces/TaskAgentInterfaces.js';
import { access, bodyOf } from './access.js';
import { groupApi, readSecrets } from './clients.js';

async function main(): Promise<void> {
  const secrets = await readSecrets();
  const api = await groupApi();
  const [found] = await api.getVariableGroups(access.project, access.group);
  const id = found?.id;
  if (id === undefined) throw new Error('There is no group.');
  for (const secret of secrets) {
    const { variables, description } = await api.getVariableGroup(access.project, id);
    const body: VariableGroupParameters = {
      ...bodyOf([]),
      description: description ?? '',
      variables: { ...variables, ...bodyOf([secret]).variables },
    };
    await api.updateVariableGroup(body, id);
  }
  console.log(`Synced ${String(secrets.length)} secrets.`);
}

void main();
