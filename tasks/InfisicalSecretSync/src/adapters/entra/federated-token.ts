import type { SecretValue } from '../../domain/secret-value.js';
import { quoted } from '../../domain/text.js';
import type { OidcToken } from '../agent/oidc-token.js';
import { tokenProblem } from '../http/bearer.js';
import { awaitAnswer } from '../http/await-answer.js';
import { readAttempts, type HttpClient } from '../http/client.js';
import type { HttpResponse } from '../http/exchange.js';
import { pathSegment } from '../http/path-segment.js';
import { jsonOf, textField } from '../http/json.js';
import { azureToken, type AzureToken } from './azure-token.js';
import { federationError, type Federation } from './federation.js';
import { tokenRefusal } from './token-refusals.js';

export interface FederationParts {
  http: HttpClient;
  mask: (values: SecretValue[]) => void;
  oidcToken: (connection: { id: string; input: Federation['input'] }) => Promise<OidcToken>;
}

/**
 * Exchanges a token of the job for one of Entra.
 * @param resource what the token is for, as Entra knows it: an ID or an address
 * @throws SyncError
 */
export async function requestFederatedToken(
  federation: Federation,
  resource: string,
  parts: FederationParts,
): Promise<AzureToken> {
  const oidc = await parts.oidcToken(federation);
  const response = await exchanged(federation, { resource, oidc, http: parts.http });
  const text = textField(jsonOf(response)?.value, 'access_token') ?? '';
  if (response.status !== 200 || text === '') throw tokenRefusal(response, { federation, resource, oidc });
  const token = azureToken(text);
  const problem = tokenProblem(token.jwt);
  if (problem !== undefined) {
    const { input } = federation;
    throw federationError(
      federation,
      `Microsoft Entra gave ${input} an access token that ${problem}. Check the authority of ${input}.`,
    );
  }
  parts.mask([token.jwt]);
  return token;
}

function exchanged(
  federation: Federation,
  { resource, oidc, http }: { resource: string; oidc: OidcToken; http: HttpClient },
): Promise<HttpResponse> {
  const { authority, tenantId, clientId } = federation;
  const form = new URLSearchParams({
    client_id: clientId,
    // The slash at the end of a resource is part of it, and stays: the audience of the token is the resource.
    scope: `${resource}/.default`,
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: oidc.jwt.reveal(),
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
      throw federationError(
        federation,
        `Microsoft Entra at ${quoted(new URL(authority).host)} gave no answer: ${why}.`,
        options,
      );
    },
  });
}
