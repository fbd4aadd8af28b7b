import { createRequire } from 'node:module';
import { getBearerHandler, WebApi } from 'azure-devops-node-api';
import type { ITaskAgentApi } from 'azure-devops-node-api/TaskAgentApi.js';
import { access, type Secret, type Secrets } from './access.js';

interface Sdk {
  auth: () => {
    universalAuth: { login: (options: { clientId: string; clientSecret: string }) => Promise<Sdk> };
  };
  secrets: () => {
    listSecrets: (options: {
      projectId: string;
      environment: string;
      secretPath: string;
      includeImports: boolean;
      expandSecretReferences: boolean;
      viewSecretValue: boolean;
    }) => Promise<Secrets>;
  };
}

/** Where `npm run fidelity` and `npm run bench` install it. */
const sdkFolder = process.env['BENCH_SDK'] ?? '';

export async function readSecrets(): Promise<Secret[]> {
  const { InfisicalSDK } = createRequire(sdkFolder)(sdkFolder) as {
    InfisicalSDK: new (options: { siteUrl: string }) => Sdk;
  };
  const { clientId, clientSecret } = access;
  const sdk = await new InfisicalSDK({ siteUrl: access.infisicalUrl })
    .auth()
    .universalAuth.login({ clientId, clientSecret });
  const { secrets } = await sdk.secrets().listSecrets({
    projectId: access.infisicalProject,
    environment: 'prod',
    secretPath: '/',
    includeImports: true,
    expandSecretReferences: true,
    viewSecretValue: true,
  });
  return secrets;
}

export function groupApi(): Promise<ITaskAgentApi> {
  return new WebApi(access.collectionUrl, getBearerHandler(access.token)).getTaskAgentApi();
}
