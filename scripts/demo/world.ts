import { join } from 'node:path';
import { AzureDevOpsEmulator } from '../../emulators/azure-devops/emulator.js';
import { InfisicalEmulator } from '../../emulators/infisical/emulator.js';
import { MiniAgent, type MiniAgentOptions } from '../../emulators/agent/mini-agent.js';
import { unpacked } from '../shared/paths.js';

export const connectionName = 'infisical';
const project = { id: '7d1f6c1e-52f1-4f1c-9a0e-6d8c2b1a4e30', name: 'Shop' };
const jobToken = 'demo-job-token-7Wq2Lk';
const identity = { clientId: 'demo-client-1', clientSecret: 'demo-client-secret-4Rt9' };

/** A small shop: a project in Azure DevOps, and its secrets in Infisical with folders, imports, references and a key. */
export async function startDemoWorld(): Promise<{
  ado: AzureDevOpsEmulator;
  infisical: InfisicalEmulator;
  agentOptions: MiniAgentOptions;
}> {
  const ado = await AzureDevOpsEmulator.start();
  const infisical = await InfisicalEmulator.start();
  ado.addProject(project);
  ado.addIdentity({ name: 'Shop Build Service (example-org)', bearer: jobToken });
  const { id: definitionId } = ado.definitions.add({ project: project.name, name: 'nightly' });
  infisical.addProject({ slug: 'shop', environments: ['dev', 'prod'] });
  fill(infisical);
  infisical.addMachineIdentity({ name: 'pipelines', universalAuth: identity, projects: { shop: 'admin' } });
  const endpoint = {
    name: connectionName,
    type: 'infisicalMachineIdentity',
    url: infisical.url,
    scheme: 'UsernamePassword',
    parameters: { username: identity.clientId, password: identity.clientSecret },
  };
  const agentOptions = {
    taskFolder: join(unpacked, 'tasks/InfisicalSecretSync'),
    collectionUrl: ado.collectionUrl,
    project,
    jobToken,
    definitionId,
    endpoints: [endpoint],
  };
  return { ado, infisical, agentOptions };
}

function fill(infisical: InfisicalEmulator): void {
  const at = (path: string) => ({ project: 'shop', environment: 'prod', path });
  infisical.setSecret(at('/shared'), 'SMTP_PASSWORD', 'smtp-3Kd8-Vx21');
  infisical.setSecret(at('/shared'), 'LOG_LEVEL', 'info');
  infisical.setSecret(at('/api'), 'DB_PASSWORD', 'db-Pq71-Zm05');
  infisical.setSecret(at('/api'), 'DATABASE_URL', 'postgres://shop:${DB_PASSWORD}@db.internal/shop');
  infisical.setSecret(at('/api'), 'REGION', 'westeurope', { tags: ['plain'] });
  infisical.setSecret(at('/api'), 'OLD_TOKEN', 'old-Ty66-Bn43');
  infisical.setSecret(
    at('/api'),
    'SIGNING_KEY',
    '-----BEGIN DEMO KEY-----\nZGVtby1rZXktbGluZS1vbmUtbm90LXJlYWw=\nZGVtby1rZXktbGluZS10d28tbm90LXJlYWw=\n-----END DEMO KEY-----',
  );
  infisical.addImport(at('/api'), { environment: 'prod', path: '/shared' });
}

/** Runs one step in a job of its own. */
export async function runStep(
  agentOptions: MiniAgentOptions,
  inputs: Record<string, string>,
  displayName: string,
) {
  const agent = new MiniAgent(agentOptions);
  try {
    return await agent.runStep({ name: 'sync', displayName, inputs });
  } finally {
    agent.dispose();
  }
}
