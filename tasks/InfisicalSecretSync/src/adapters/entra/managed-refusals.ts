import { SyncError, withFacts } from '../../domain/errors.js';
import { quoted } from '../../domain/text.js';
import type { HttpResponse } from '../http/exchange.js';
import { jsonOf, textField } from '../http/json.js';
import type { IdentityService } from './identity-service.js';
import type { ManagedIdentity } from './managed-identity.js';

const beginning = 'infisicalConnection signs in with the agent’s managed identity';

/** Nothing that gives such tokens. */
export function noIdentityService({ url }: IdentityService, why: string, options?: ErrorOptions): SyncError {
  return new SyncError(
    `${beginning}, and this agent is not on Azure, or nothing there gives tokens: ${quoted(url.host)} ${why}. Run the job on an agent on Azure that has a managed identity, or let the service connection take the token of azureConnection or azureDevOpsConnection (its field "Token of").`,
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
      `${beginning}, and ${quoted(service.url.host)} answered with something that is not JSON, so it is not what gives tokens on Azure.`,
  },
  {
    sign: /Multiple user assigned/i,
    message: () =>
      `${beginning}, and this machine has several. Put the client ID of the one that Infisical trusts into the service connection.`,
  },
  {
    sign: /invalid_resource|AADSTS500011/i,
    message: ({ identity }) =>
      `Microsoft Entra knows no resource ${quoted(identity.resource)}. Correct the audience in the service connection infisicalConnection, or leave it empty.`,
  },
  {
    sign: /^(?:410|429|5\d\d)\|/,
    message: () =>
      `${beginning}, and the machine’s service for such tokens still said "later" after several tries. Run the step again later.`,
  },
];

function whyRefused(response: HttpResponse, about: About): string {
  const json = jsonOf(response);
  const words = ['error', 'error_description', 'message'].map((name) => textField(json?.value, name) ?? '');
  const facts = [String(response.status), ...(json === undefined ? ['not JSON'] : words)].join('|');
  const cause = causes.find(({ sign }) => sign.test(facts));
  if (cause !== undefined) return cause.message(about);
  const isNamed = about.identity.clientId !== '';
  return `${beginning}, and this machine has no managed identity${isNamed ? ' of the client ID that it names' : ''}. Assign one to it in Azure (Identity › System assigned, or User assigned), or correct the client ID in the service connection. Microsoft-hosted agents have none.`;
}
