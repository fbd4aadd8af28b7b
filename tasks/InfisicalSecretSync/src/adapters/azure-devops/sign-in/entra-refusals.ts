import { DestinationError, withFacts } from '../../../domain/errors.js';
import { quoted } from '../../../domain/text.js';
import type { HttpResponse } from '../../http/exchange.js';
import { jsonOf, textField } from '../../http/json.js';
import type { EntraConnection } from './connections.js';
import { trustLine, type OidcToken } from '../../agent/oidc-token.js';

interface About {
  connection: EntraConnection;
  oidc: OidcToken;
}

interface Cause {
  /** AADSTS numbers, see https://learn.microsoft.com/entra/identity-platform/reference-error-codes. */
  codes: readonly number[];
  message: (about: About) => string;
}

const causes: readonly Cause[] = [
  {
    codes: [70021, 700211, 700212, 700213, 700223],
    message: ({ oidc }) =>
      [
        `Microsoft Entra finds no federated credential for this token on the application (or managed identity) of azureDevOpsConnection. Open it in Entra (Certificates & secrets › Federated credentials; for a managed identity: Federated credentials) and add one with exactly this:`,
        trustLine('Issuer', oidc.issuer),
        trustLine('Subject identifier', oidc.subject),
        trustLine('Audience', oidc.audience),
      ].join('\n'),
  },
  {
    codes: [700016, 7000229],
    message: ({ connection }) =>
      `Microsoft Entra has no application of the ID in azureDevOpsConnection in the tenant ${quoted(connection.tenantId)}. Check both there.`,
  },
  {
    codes: [90002, 900023],
    message: ({ connection }) =>
      `Microsoft Entra has no tenant ${quoted(connection.tenantId)}. Check it in azureDevOpsConnection.`,
  },
  {
    codes: [70052],
    message: () =>
      `Microsoft Entra gives tokens of this kind only to applications of one tenant, and that of azureDevOpsConnection is for several. Use an application of the organization’s own tenant, or a managed identity.`,
  },
  {
    codes: [53000, 53001, 53003, 530032, 530034, 50158],
    message: () =>
      `A Conditional Access policy of Microsoft Entra blocks the application of azureDevOpsConnection from where this agent is. Let the administrators of Entra exempt it or allow the agent’s network, or run the job on an agent inside it.`,
  },
  {
    codes: [700024],
    message: () =>
      'Microsoft Entra says that the job’s OIDC token is not valid at this time. The clocks of Azure DevOps and Entra rule that out unless it was delayed; run the step again.',
  },
];

/** Why Entra gave no token. Only its numbers are read, never its words. */
export function entraRefusal(response: HttpResponse, about: About): DestinationError {
  const body = jsonOf(response)?.value;
  const codes = codesOf(body);
  const cause = causes.find((candidate) => codes.some((code) => candidate.codes.includes(code)));
  const facts = [`status ${String(response.status)}`, ...codes.map((code) => `AADSTS${String(code)}`)].join(
    ', ',
  );
  const why = cause?.message(about) ?? otherwise(response, body);
  return new DestinationError(withFacts(why, facts));
}

function otherwise(response: HttpResponse, body: unknown): string {
  if (body === undefined) {
    return 'Microsoft Entra answered with something that is not JSON. Check the authority of azureDevOpsConnection, and whether a proxy or sign-in page stands in between.';
  }
  if (response.status === 429 || response.status >= 500) {
    return 'Microsoft Entra has a fault of its own or too much to do. Run the step again later.';
  }
  return 'Microsoft Entra gave no token for azureDevOpsConnection. Look the number up at https://login.microsoftonline.com/error.';
}

function codesOf(body: unknown): number[] {
  const codes: unknown = (body as { error_codes?: unknown } | undefined)?.error_codes;
  if (Array.isArray(codes))
    return codes.filter((code): code is number => Number.isSafeInteger(code)).slice(0, 5);
  const named = /^AADSTS(\d+):/.exec(textField(body, 'error_description') ?? '')?.[1];
  return named === undefined ? [] : [Number(named)];
}
