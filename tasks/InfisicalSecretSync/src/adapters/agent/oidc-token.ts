import { SyncError } from '../../domain/errors.js';
import { SecretValue } from '../../domain/secret-value.js';
import { harmless } from '../../domain/text.js';
import { addressOf } from '../http/address.js';
import { bearer, tokenProblem } from '../http/bearer.js';
import { awaitAnswer } from '../http/await-answer.js';
import { readAttempts, type HttpClient } from '../http/client.js';
import type { HttpResponse } from '../http/exchange.js';
import { jsonOf, textField } from '../http/json.js';
import { textClaims } from '../http/jwt-claims.js';

/** A token that says which service connection of which project asked for it. Valid for ten minutes. */
export interface OidcToken {
  jwt: SecretValue;
  issuer: string;
  subject: string;
  audience: string;
}

export interface OidcTokenParts {
  /** System.OidcRequestUri: the job's own address for such tokens; empty where Azure DevOps has none. */
  requestUri: string;
  jobToken: SecretValue;
  http: HttpClient;
  mask: (values: SecretValue[]) => void;
}

/** The input that names the connection, for messages. */
type ConnectionInput = 'infisicalConnection' | 'azureDevOpsConnection' | 'azureConnection';

/**
 * Asks Azure DevOps for a token of this job for one of its service connections, of any type.
 * The route has been released since 7.1, which Server 2022.1 brought.
 * @throws SyncError
 */
export async function requestOidcToken(
  parts: OidcTokenParts,
  connection: { id: string; input: ConnectionInput },
): Promise<OidcToken> {
  if (parts.requestUri === '') {
    throw new SyncError(
      `The service connection of ${connection.input} signs in with an OIDC token of the job, but the agent names no address that gives such tokens (System.OidcRequestUri). Azure DevOps Server before 2022.1 has none, and agents before 3.225 don’t pass it on. Update them, or sign in another way.`,
    );
  }
  const url = addressOf(parts.requestUri);
  if (url === undefined) {
    throw new SyncError(
      `The service connection of ${connection.input} signs in with an OIDC token of the job, but the value of System.OidcRequestUri, where the job gets such tokens, is not an address. Look for a variable of that name in the pipeline and in its variable groups, and remove it.`,
    );
  }
  url.searchParams.set('api-version', '7.1');
  url.searchParams.set('serviceConnectionId', connection.id);
  const response = await sendRequest(parts, url, connection.input);
  const jwt = textField(jsonOf(response)?.value, 'oidcToken');
  if (response.status !== 200 || jwt === undefined || jwt === '') {
    throw new SyncError(
      `Azure DevOps gave this job no OIDC token for ${connection.input} (status ${String(response.status)}). ${adviceFor(response)}`,
    );
  }
  const token = new SecretValue(jwt);
  const problem = tokenProblem(token);
  if (problem !== undefined) {
    throw new SyncError(
      `Azure DevOps gave this job an OIDC token for ${connection.input} that ${problem}. Check whether a proxy answers instead of Azure DevOps.`,
    );
  }
  parts.mask([token]);
  const claim = textClaims(jwt);
  return { jwt: token, issuer: claim('iss'), subject: claim('sub'), audience: claim('aud') };
}

function sendRequest(
  { jobToken, http }: OidcTokenParts,
  url: URL,
  input: ConnectionInput,
): Promise<HttpResponse> {
  const request = {
    method: 'POST',
    url,
    headers: {
      Accept: 'application/json',
      Authorization: bearer(jobToken).reveal(),
      'Content-Type': 'application/json',
      'User-Agent': 'secret-sync-for-infisical',
      'X-TFS-FedAuthRedirect': 'Suppress',
    },
    body: '',
  } as const;
  // Each answer is a token of its own, so asking again does no harm.
  return awaitAnswer(() => http.send(request, readAttempts), {
    stopped: 'The step was asked to stop while it signed in.',
    otherwise: (why, options) => {
      throw new SyncError(
        `Azure DevOps gave no answer when asked for an OIDC token for ${input}: ${why}.`,
        options,
      );
    },
  });
}

function adviceFor({ status }: HttpResponse): string {
  if (status === 401 || status === 203 || (status >= 300 && status < 400)) {
    return 'It did not accept the job’s token. In a classic release, allow scripts to access the OAuth token in the agent job. Otherwise check whether a proxy answers instead of Azure DevOps.';
  }
  if (status === 429 || status >= 500) return 'Run the step again later.';
  return 'Allow the pipeline to use the service connection, and make sure that the stage of this step names the connection.';
}

/** A line to paste where the token has to be trusted, whole. It names a connection, and holds nothing secret. */
export function trustLine(label: string, claim: string): string {
  return `  ${label}: ${harmless(claim.slice(0, 2_000))}`;
}
