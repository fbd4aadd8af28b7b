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
    input === 'infisicalConnection' ? ' Azure Auth is another way to sign in without a stored secret.' : '';
  return `The service connection of ${input} gets tokens from the issuer "https://${oldHost}", which Azure DevOps retires on 2027-07-01. Before that day, convert the connection to the issuer of Microsoft Entra (on its page under Project settings › Service connections), or create it again. Trust the new issuer and subject as well.${otherWay}`;
}
