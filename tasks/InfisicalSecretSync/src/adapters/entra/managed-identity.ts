import type { SecretValue } from '../../domain/secret-value.js';
import { tokenProblem } from '../http/bearer.js';
import { awaitAnswer } from '../http/await-answer.js';
import { onceOnly, type HttpClient } from '../http/client.js';
import type { HttpRequest } from '../http/exchange.js';
import { jsonOf, textField } from '../http/json.js';
import { azureToken, type AzureToken } from './azure-token.js';
import type { IdentityService } from './identity-service.js';
import { managedRefusal, noIdentityService } from './managed-refusals.js';

export interface ManagedIdentity {
  /** Where a machine has several; empty for the only one, or the machine's own. */
  clientId: string;
  /** What the token is for. */
  resource: string;
}

export interface ManagedParts {
  /** Straight to the machine, past every proxy. */
  http: HttpClient;
  mask: (values: SecretValue[]) => void;
}

/** Long enough for a lost packet to be sent again. A machine that is none of Azure's may never answer. */
const probeMs = 3_000;

/** The service is being updated (410, up to 70 s), or has too much to do (Microsoft Learn: managed identities on VMs). */
const tokenAttempts = { refused: 8, lost: 3, alsoLater: [410, 500] };

/** A token of the agent's managed identity. @throws SyncError, at once where this is no machine of Azure */
export async function requestManagedToken(
  service: IdentityService,
  identity: ManagedIdentity,
  parts: ManagedParts,
): Promise<AzureToken> {
  if (service.kind === 'metadata') await probe(service, parts.http);
  const response = await awaitAnswer(() => parts.http.send(requestOf(service, identity), tokenAttempts), {
    stopped,
    otherwise: (why, options) => {
      throw noIdentityService(service, `gave no answer: ${why}`, options);
    },
  });
  const text = textField(jsonOf(response)?.value, 'access_token') ?? '';
  if (response.status !== 200 || text === '') throw managedRefusal(response, { service, identity });
  const token = azureToken(text);
  const problem = tokenProblem(token.jwt);
  if (problem !== undefined) throw noIdentityService(service, `gave a token that ${problem}`);
  parts.mask([token.jwt]);
  return token;
}

const stopped = 'The step was asked to stop while it signed in.';

/**
 * Whether the machine has such a service. Without its header every metadata service of Azure refuses (400), and
 * clouds of others, which have something else at the same address, answer in another way.
 */
async function probe(service: IdentityService, http: HttpClient): Promise<void> {
  const request: HttpRequest = { method: 'GET', url: service.url, headers: {}, timeoutMs: probeMs };
  const response = await awaitAnswer(() => http.send(request, onceOnly), {
    stopped,
    otherwise: (_why, options) => {
      throw noIdentityService(service, 'gave no answer', options);
    },
  });
  if (response.status === 400 || response.status === 429 || response.status >= 500) return;
  throw noIdentityService(service, `answered with status ${String(response.status)}`);
}

function requestOf({ url: base, version, header }: IdentityService, identity: ManagedIdentity): HttpRequest {
  const { clientId, resource } = identity;
  const url = new URL(base);
  url.searchParams.set('api-version', version);
  url.searchParams.set('resource', resource);
  if (clientId !== '') url.searchParams.set('client_id', clientId);
  return {
    method: 'GET',
    url,
    headers: { Accept: 'application/json', [header.name]: header.value.reveal() },
  };
}
