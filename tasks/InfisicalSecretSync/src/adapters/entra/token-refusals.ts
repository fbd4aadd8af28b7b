import { withFacts, type SyncError } from '../../domain/errors.js';
import { quoted } from '../../domain/text.js';
import type { HttpResponse } from '../http/exchange.js';
import { jsonOf, textField } from '../http/json.js';
import { federationError, type Federation } from './federation.js';
import { trustLine, type OidcToken } from '../agent/oidc-token.js';

interface About {
  federation: Federation;
  /** What the token was to be for. */
  resource: string;
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
    message: ({ oidc, federation }) =>
      [
        `Microsoft Entra found no federated credential for this token on the application or managed identity of ${federation.input}. Open the application in Entra under Certificates & secrets › Federated credentials (a managed identity: under Federated credentials), and add one with exactly these values:`,
        trustLine('Issuer', oidc.issuer),
        trustLine('Subject identifier', oidc.subject),
        trustLine('Audience', oidc.audience),
      ].join('\n'),
  },
  {
    codes: [700016, 7000229],
    message: ({ federation }) =>
      `Microsoft Entra has no application with the client ID of ${federation.input} in the tenant ${quoted(federation.tenantId)}. Check the client ID and the tenant in that service connection.`,
  },
  {
    codes: [90002, 900023],
    message: ({ federation }) =>
      `Microsoft Entra has no tenant ${quoted(federation.tenantId)}. Check the tenant in the service connection of ${federation.input}.`,
  },
  {
    codes: [70052],
    message: ({ federation }) =>
      `Microsoft Entra gives such tokens only to applications of a single tenant, but the application of ${federation.input} is multitenant. Use an application of the organization’s own tenant, or a managed identity.`,
  },
  {
    codes: [53000, 53001, 53003, 530032, 530034, 50158],
    message: ({ federation }) => blockedByPolicy(`the application of ${federation.input}`),
  },
  {
    codes: [500011, 70011],
    message: ({ federation, resource }) =>
      `Microsoft Entra has no resource ${quoted(resource)} in the tenant ${quoted(federation.tenantId)}. Check the tenant in the service connection of ${federation.input}. If infisicalConnection names an audience, correct it or leave it empty.`,
  },
  {
    codes: [700024],
    message: () =>
      'Microsoft Entra says that the job’s OIDC token is not valid at this time. The token was probably delayed on its way. Run the step again.',
  },
];

/** @param who is blocked, quoted as far as it is a name */
export function blockedByPolicy(who: string): string {
  return `A Conditional Access policy of Microsoft Entra blocks ${who} in the network of this agent. Ask an administrator of Entra to exempt it or to allow that network, or run the job on an agent in an allowed network.`;
}

/** Why Entra gave no token. Only its numbers are read, never its words. */
export function tokenRefusal(response: HttpResponse, about: About): SyncError {
  const body = jsonOf(response)?.value;
  const codes = codesOf(body);
  const cause = causes.find((candidate) => codes.some((code) => candidate.codes.includes(code)));
  const facts = [`status ${String(response.status)}`, ...codes.map((code) => `AADSTS${String(code)}`)].join(
    ', ',
  );
  const why = cause?.message(about) ?? otherwise(response, body, about);
  return federationError(about.federation, withFacts(why, facts));
}

function otherwise(response: HttpResponse, body: unknown, { federation }: About): string {
  if (body === undefined) {
    return `Microsoft Entra did not answer in JSON. Check the authority of ${federation.input}, and check whether a proxy or a sign-in page answers instead.`;
  }
  if (response.status === 429 || response.status >= 500) {
    return 'Microsoft Entra has an internal error or is overloaded. Run the step again later.';
  }
  return `Microsoft Entra gave no token for ${federation.input}. Look up the AADSTS number at https://login.microsoftonline.com/error, and check the service connection.`;
}

function codesOf(body: unknown): number[] {
  const codes: unknown = (body as { error_codes?: unknown } | undefined)?.error_codes;
  if (Array.isArray(codes))
    return codes.filter((code): code is number => Number.isSafeInteger(code)).slice(0, 5);
  const named = /^AADSTS(\d+):/.exec(textField(body, 'error_description') ?? '')?.[1];
  return named === undefined ? [] : [Number(named)];
}
