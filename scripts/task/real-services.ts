import { join } from 'node:path';
import type { MiniAgentOptions } from '../../emulators/agent/mini-agent.js';
import { connectionName } from '../demo/world.js';
import { unpacked } from '../shared/paths.js';

const ofAzureDevOps = [
  'AZURE_DEVOPS_URL',
  'AZURE_DEVOPS_TOKEN',
  'AZURE_DEVOPS_PROJECT',
  'AZURE_DEVOPS_PROJECT_ID',
] as const;
const ofUniversalAuth = ['INFISICAL_CLIENT_ID', 'INFISICAL_CLIENT_SECRET'] as const;
type Name =
  (typeof ofAzureDevOps)[number] | (typeof ofUniversalAuth)[number] | 'INFISICAL_URL' | 'INFISICAL_TOKEN';

/**
 * The services that the environment names; undefined when it names nothing of them.
 * @throws Error that lists what is missing, when only a part is given: taking emulators instead would surprise
 */
export function realServices(env: NodeJS.ProcessEnv): MiniAgentOptions | undefined {
  const valueOf = (name: Name): string => env[name] ?? '';
  const isGiven = (name: Name): boolean => valueOf(name) !== '';
  const all = [...ofAzureDevOps, ...ofUniversalAuth, 'INFISICAL_URL', 'INFISICAL_TOKEN'] as const;
  const given = all.filter(isGiven);
  if (given.length === 0) return undefined;
  const signIn = isGiven('INFISICAL_TOKEN') ? (['INFISICAL_TOKEN'] as const) : ofUniversalAuth;
  const missing = [...ofAzureDevOps, 'INFISICAL_URL' as const, ...signIn].filter((name) => !isGiven(name));
  if (missing.length > 0)
    throw new Error(
      `These environment variables are missing: ${missing.join(', ')}. These are set: ${given.join(', ')}. Set all of them to run against real services, or none of them to run against emulators.`,
    );
  const [clientId, clientSecret] = ofUniversalAuth;
  const auth = isGiven('INFISICAL_TOKEN')
    ? { scheme: 'Token', parameters: { apitoken: valueOf('INFISICAL_TOKEN') } }
    : {
        scheme: 'UsernamePassword',
        parameters: { username: valueOf(clientId), password: valueOf(clientSecret) },
      };
  const url = valueOf('INFISICAL_URL');
  return {
    taskFolder: join(unpacked, 'tasks/InfisicalSecretSync'),
    collectionUrl: valueOf('AZURE_DEVOPS_URL'),
    project: { id: valueOf('AZURE_DEVOPS_PROJECT_ID'), name: valueOf('AZURE_DEVOPS_PROJECT') },
    jobToken: valueOf('AZURE_DEVOPS_TOKEN'),
    endpoints: [{ name: connectionName, type: 'infisicalMachineIdentity', url, ...auth }],
  };
}
