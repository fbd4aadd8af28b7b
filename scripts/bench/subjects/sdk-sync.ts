// The same sync the obvious way: Infisical's SDK reads, Microsoft's client writes the group whole.
import { access, bodyOf } from './access.js';
import { groupApi, readSecrets } from './clients.js';

async function main(): Promise<void> {
  const secrets = await readSecrets();
  const api = await groupApi();
  const [found] = await api.getVariableGroups(access.project, access.group);
  if (found?.id === undefined) throw new Error('There is no group.');
  await api.updateVariableGroup({ ...bodyOf(secrets), description: found.description ?? '' }, found.id);
  console.log(`Synced ${String(secrets.length)} secrets.`);
}

void main();
