import { decodeJwt, importJWK, type CryptoKey } from 'jose';
import type { Answer } from '../loopback/loopback-server.js';
import { isOld, Refused, unauthorized } from './answers.js';
import { tokenError } from './bearer.js';
import type { AzureAuth } from './identities.js';
import { headerOf, JwtProblem, verified } from './jwt.js';
import { identityWith, loggedIn } from './logins.js';
import type { Call, Server } from './server.js';
import { textsOf } from './validation.js';

const method = {
  field: 'azureAuth',
  notFound: 'Azure auth method not found for identity, did you configure Azure Auth?',
} as const;

/** Logs in with a v1 token of Entra for the configured resource. */
export async function azureAuth({ body }: Call, server: Server): Promise<Answer> {
  const { identityId, jwt, organizationSlug } = textsOf(body, ['identityId', 'jwt'], ['organizationSlug']);
  const identity = identityWith(server, identityId, method);
  const old = isOld(server.options.profile);
  const claims = await claimsOf(jwt, {
    auth: identity.azureAuth as AzureAuth,
    old,
    nowMs: server.options.now(),
  });
  const { allowedServicePrincipalIds = '', tenantId } = identity.azureAuth as AzureAuth;
  if (claims['tid'] !== tenantId) throw unauthorized('Tenant ID mismatch');
  const allowed = allowedServicePrincipalIds.split(',').map((id) => id.trim());
  if (allowedServicePrincipalIds !== '' && !allowed.includes(String(claims['oid'])))
    throw unauthorized(`Service principal '${String(claims['oid'])}' not allowed`);
  return loggedIn(server, identity, { organizationSlug });
}

async function claimsOf(
  jwt: string,
  { auth, old, nowMs }: { auth: AzureAuth; old: boolean; nowMs: number },
): Promise<Record<string, unknown>> {
  try {
    decodeJwt(jwt);
  } catch {
    // Recorded: the server looks into the header of a token that could not be decoded.
    if (old)
      throw new Refused(500, {
        error: 'Internal Server Error',
        message: "Cannot read properties of null (reading 'header')",
      });
    throw new Refused(500, { error: 'InternalServerError', message: 'Something went wrong' });
  }
  const jwk = auth.jwks.keys.find(({ kid }) => kid === headerOf(jwt).kid);
  if (jwk === undefined) throw unauthorized('Invalid signing key');
  try {
    const key = (await importJWK(jwk, 'RS256')) as CryptoKey;
    const issuer = `https://sts.windows.net/${auth.tenantId}/`;
    const claims = await verified(jwt, { key, algorithm: 'RS256', nowMs, issuer });
    if (withoutSlash(String(claims.aud)) !== withoutSlash(auth.resource))
      throw new JwtProblem(`jwt audience invalid. expected: ${auth.resource}`);
    return claims;
  } catch (cause) {
    if (!(cause instanceof JwtProblem)) throw cause;
    throw tokenError(cause.message, old);
  }
}

function withoutSlash(resource: string): string {
  return resource.replace(/\/$/, '');
}
