import type { SecretValue } from '../../../domain/secret-value.js';
import { quoted } from '../../../domain/text.js';
import { requestFederatedToken, type FederationParts } from '../../entra/federated-token.js';
import { bearer } from '../../http/bearer.js';
import { whenNotFound, type EntraConnection } from './connections.js';
import type { AzureDevOpsIdentity } from './identity.js';

/** Azure DevOps, as Entra knows it in every tenant. */
const azureDevOps = '499b84ac-1321-427f-aa17-267ca6975798';

/** A service principal or managed identity: the job's OIDC token is exchanged for a token of Entra, once. */
export function entraIdentity(connection: EntraConnection, parts: FederationParts): AzureDevOpsIdentity {
  let obtained: Promise<SecretValue> | undefined;
  // Its ID would be stars: the agent masks what a connection signs in with.
  const title = 'the service principal of azureDevOpsConnection';
  return {
    collectionUrl: connection.collectionUrl,
    title,
    whenRefused: `it did not accept the Entra token of ${title}. Add that service principal to the users of the organization with a Basic licence (Organization settings › Users), and check that the organization belongs to the tenant ${quoted(connection.tenantId)}.`,
    whenNotFound: whenNotFound('azureDevOpsConnection'),
    toSeeProject: 'Make that service principal a member of the project (Project settings › Teams).',
    authorization: () =>
      (obtained ??= requestFederatedToken(connection, azureDevOps, parts).then(({ jwt }) => bearer(jwt))),
  };
}
