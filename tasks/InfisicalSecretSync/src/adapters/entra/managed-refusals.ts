import { SyncError, withFacts } from '../../domain/errors.js';
import { quoted } from '../../domain/text.js';
import type { HttpResponse } from '../http/exchange.js';
import { jsonOf, textField } from '../http/json.js';
import type { IdentityService } from './identity-service.js';
import type { ManagedIdentity } from './managed-identity.js';

const beginning = 'The service connection of infisicalConnection signs in with the agent’s managed identity';
const elsewhere =
  'Run the job on an Azure agent that has a managed identity, or set the field "Token of" of the service connection to azureConnection or azureDevOpsConnection.';

/** Nothing that gives such tokens. */
export function noIdentityService({ url }: IdentityService, why: string, options?: ErrorOptions): SyncError {
  return new SyncError(
    `${beginning}, but this agent is not on Azure or has no working token service: ${quoted(url.host)} ${why}. ${elsewhere}`,
    options,
  );
}

interface About {
  service: IdentityService;
  identity: ManagedIdentity;
}

/** Why the service gave no token. Its words are looked at, never shown. */
export function managedRefusal(response: HttpResponse, about: About): SyncError {
  return new SyncError(withFacts(whyRefused(response, about), `status ${String(response.status)}`));
}

interface Cause {
  /** Tested against `status|error|description`; `not JSON` in place of the last two where it is none. */
  sign: RegExp;
  message: (about: About) => string;
}

const causes: readonly Cause[] = [
  {
    sign: /^[1-4]\d\d\|not JSON/,
    message: ({ service }) =>
      `${beginning}, but ${quoted(service.url.host)} did not answer in JSON, so it is not Azure’s token service. ${elsewhere}`,
  },
  {
    sign: /Multiple user assigned/i,
    message: () =>
      `${beginning}, but this machine has several. Enter the client ID of the one that Infisical trusts in the service connection.`,
  },
  {
    sign: /invalid_resource|AADSTS500011/i,
    message: ({ identity }) =>
      `Microsoft Entra has no resource ${quoted(identity.resource)}. Correct the audience in the service connection of infisicalConnection, or leave it empty.`,
  },
  {
    sign: /^(?:410|429|5\d\d)\|/,
    message: () =>
      `${beginning}, but the machine’s token service could not give a token now. Run the step again later.`,
  },
];

function whyRefused(response: HttpResponse, about: About): string {
  const json = jsonOf(response);
  const words = ['error', 'error_description', 'message'].map((name) => textField(json?.value, name) ?? '');
  const facts = [String(response.status), ...(json === undefined ? ['not JSON'] : words)].join('|');
  const cause = causes.find(({ sign }) => sign.test(facts));
  if (cause !== undefined) return cause.message(about);
  return about.identity.clientId === ''
    ? `${beginning}, but this machine has no managed identity. Microsoft-hosted agents never have one. Assign one to the machine in Azure (Identity › System assigned, or User assigned).`
    : `${beginning}, but this machine has no managed identity with the client ID that the connection names. Microsoft-hosted agents never have one. Assign it to the machine in Azure (Identity › User assigned), or correct the client ID in the service connection.`;
}
