import type { OidcToken } from './oidc-token.js';

/** Of Azure DevOps Services; a server signs by its own name, which stays. */
const oldHost = 'vstoken.dev.azure.com';

/**
 * What to do about a token of the issuer that ends: deprecated since 2026-07-01, gone on 2027-07-01, for service
 * connections of extensions as well (Microsoft Learn: convert service connections to the Entra issuer; Sprint 276).
 */
export function oldIssuerWarning({ issuer }: OidcToken, input: string): string | undefined {
  if (!URL.canParse(issuer) || new URL(issuer).host !== oldHost) return undefined;
  const otherWay =
    input === 'infisicalConnection' ? ' Azure Auth is another way in that stores nothing.' : '';
  return `The service connection of ${input} gets tokens of the issuer "https://${oldHost}", which Azure DevOps gives up on 2027-07-01. Convert it to the issuer of Microsoft Entra (in its page under Project settings › Service connections), or make it anew, and trust the new issuer and subject, too, before that day.${otherWay}`;
}
