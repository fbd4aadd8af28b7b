import type { AzureToken } from '../adapters/entra/azure-token.js';
import { requestFederatedToken, type FederationParts } from '../adapters/entra/federated-token.js';
import { readFederation, type Federation } from '../adapters/entra/federation.js';
import { identityService, type IdentityService } from '../adapters/entra/identity-service.js';
import { requestManagedToken } from '../adapters/entra/managed-identity.js';
import type { HttpClient } from '../adapters/http/client.js';
import type { InfisicalAuth, TokenOf } from '../adapters/infisical/connection.js';
import type { ServiceConnection } from '../adapters/agent/service-connection.js';
import type { Config } from '../config/config.js';
import { ConfigError } from '../domain/errors.js';

/** Where the token of Azure Auth comes from. */
export type AzureTokenSource =
  { kind: 'managed'; service: IdentityService } | { kind: 'federated'; federation: Federation };

interface Given {
  config: Config;
  env: NodeJS.ProcessEnv;
  /** The connection that an input names. @throws ConfigError */
  connection: (id: string, about: { input: string; type: string }) => ServiceConnection;
}

/** Reads it from what the step was given; undefined where nobody signs in by Azure Auth. @throws SyncError */
export function azureTokenSource(auth: InfisicalAuth, given: Given): AzureTokenSource | undefined {
  if (auth.kind !== 'azure') return undefined;
  if (auth.tokenOf === 'managedIdentity') return { kind: 'managed', service: identityService(given.env) };
  const input = auth.tokenOf;
  const { id, type } = named(input, given.config);
  const { federation, problems } = readFederation(given.connection(id, { input, type }), input);
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => `${input}: ${problem}`));
  return { kind: 'federated', federation };
}

function named(
  input: Exclude<TokenOf, 'managedIdentity'>,
  { azureConnectionId, destination }: Config,
): { id: string; type: string } {
  if (input === 'azureConnection') {
    if (azureConnectionId !== '') return { id: azureConnectionId, type: 'Azure Resource Manager' };
    throw new ConfigError([
      'azureConnection: is empty. infisicalConnection uses Azure Auth with the token of azureConnection. Choose a service connection of the type "Azure Resource Manager".',
    ]);
  }
  const signIn = destination.kind === 'pipelineVariables' ? undefined : destination.signIn;
  if (signIn?.kind === 'entra') return { id: signIn.connectionId, type: 'Azure DevOps' };
  const other = 'change infisicalConnection to the token of azureConnection';
  throw new ConfigError([
    signIn === undefined
      ? `azureDevOpsConnection: is not used with destination "pipelineVariables", but infisicalConnection uses Azure Auth with its token. Choose another destination, or ${other}.`
      : `azureDevOpsConnection: is not used by this step, but infisicalConnection uses Azure Auth with its token. Set azureDevOpsConnectionType to "entra" and choose the connection, or ${other}.`,
  ]);
}

/** Gets the token. @throws SyncError */
export function requestAzureToken(
  source: AzureTokenSource,
  auth: Extract<InfisicalAuth, { kind: 'azure' }>,
  parts: FederationParts & { direct: HttpClient },
): Promise<AzureToken> {
  const { managedIdentity } = auth;
  const { direct: http, mask } = parts;
  return source.kind === 'managed'
    ? requestManagedToken(source.service, managedIdentity, { http, mask })
    : requestFederatedToken(source.federation, managedIdentity.resource, parts);
}
