import { DestinationError } from '../../../domain/errors.js';
import { SecretValue } from '../../../domain/secret-value.js';
import { quoted } from '../../../domain/text.js';
import { bearer, tokenProblem } from '../../http/bearer.js';
import { awaitAnswer } from '../../http/await-answer.js';
import { readAttempts, type HttpClient } from '../../http/client.js';
import type { HttpResponse } from '../../http/exchange.js';
import { pathSegment } from '../../http/path-segment.js';
import { jsonOf, textField } from '../../http/json.js';
import type { EntraConnection } from './connections.js';
import { entraRefusal } from './entra-refusals.js';
import type { AzureDevOpsIdentity } from './identity.js';
import type { OidcToken } from '../../agent/oidc-token.js';

/** Azure DevOps, as Entra knows it in every tenant. */
const scope = '499b84ac-1321-427f-aa17-267ca6975798/.default';

export interface EntraParts {
  http: HttpClient;
  mask: (values: SecretValue[]) => void;
  oidcToken: (connectionId: string) => Promise<OidcToken>;
}

/** A service principal or managed identity: the job's OIDC token is exchanged for a token of Entra, once. */
export function entraIdentity(connection: EntraConnection, parts: EntraParts): AzureDevOpsIdentity {
  let obtained: Promise<SecretValue> | undefined;
  // Its ID would be stars: the agent masks what a connection signs in with.
  const title = 'the service principal of azureDevOpsConnection';
  return {
    collectionUrl: connection.collectionUrl,
    title,
    whenRefused: `Azure DevOps did not accept the Entra token of ${title}. Add that service principal as a user of the organization (Organization settings › Users), which must belong to the tenant ${quoted(connection.tenantId)}, with a Basic licence.`,
    toSeeProject: 'Make that service principal a member of the project (Project settings › Teams).',
    authorization: () => (obtained ??= signIn(connection, parts)),
  };
}

async function signIn(connection: EntraConnection, parts: EntraParts): Promise<SecretValue> {
  const oidc = await parts.oidcToken(connection.id);
  const response = await exchangeToken(connection, parts.http, oidc);
  const body = jsonOf(response)?.value;
  const text = textField(body, 'access_token') ?? '';
  if (response.status !== 200 || text === '') throw entraRefusal(response, { connection, oidc });
  const token = new SecretValue(text);
  const problem = tokenProblem(token);
  if (problem !== undefined) {
    throw new DestinationError(
      `Microsoft Entra gave azureDevOpsConnection an access token that ${problem}. Check the authority of azureDevOpsConnection.`,
    );
  }
  parts.mask([token]);
  return bearer(token);
}

function exchangeToken(
  { authority, tenantId, clientId }: EntraConnection,
  http: HttpClient,
  { jwt }: OidcToken,
): Promise<HttpResponse> {
  const form = new URLSearchParams({
    client_id: clientId,
    scope,
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: jwt.reveal(),
  });
  const request = {
    method: 'POST',
    url: new URL(`${authority}/${pathSegment(tenantId)}/oauth2/v2.0/token`),
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/x-www-form-urlencoded',
      'User-Agent': 'secret-sync-for-infisical',
    },
    body: form.toString(),
  } as const;
  // Each answer is a token of its own, so asking again does no harm.
  return awaitAnswer(() => http.send(request, readAttempts), {
    stopped: 'The step was asked to stop while it signed in.',
    otherwise: (why, options) => {
      throw new DestinationError(
        `Microsoft Entra at ${quoted(new URL(authority).host)} gave no answer: ${why}.`,
        options,
      );
    },
  });
}
