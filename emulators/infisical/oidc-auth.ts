import { importJWK, type CryptoKey, type JSONWebKeySet, type JWTPayload } from 'jose';
import { isMatch } from 'picomatch';
import type { Answer } from '../loopback/loopback-server.js';
import { isOld, Refused, unauthorized } from './answers.js';
import type { OidcAuth } from './identities.js';
import { headerOf, JwtProblem, verified } from './jwt.js';
import { identityWith, loggedIn } from './logins.js';
import type { Call, Server } from './server.js';
import { textsOf } from './validation.js';

const method = {
  field: 'oidcAuth',
  notFound: 'OIDC auth method not found for identity, did you configure OIDC auth?',
} as const;

/** Logs in with a JWT of an outside issuer, for example the token of a pipeline's job. */
export async function oidcAuth({ body }: Call, server: Server): Promise<Answer> {
  const { identityId, jwt, organizationSlug } = textsOf(body, ['identityId', 'jwt'], ['organizationSlug']);
  const identity = identityWith(server, identityId, method);
  const auth = identity.oidcAuth as OidcAuth;
  const old = isOld(server.options.profile);
  const keys = await keysOf(auth, old);
  const claims = await claimsOf(jwt, { auth, keys, old, nowMs: server.options.now() });
  checkBindings(claims, auth, old);
  return loggedIn(server, identity, { organizationSlug });
}

/** In 2024 every refusal but an unknown identity and an empty JWT is a 500 that tells the reason. */
function denied(old: boolean, message: string, status = 401): Refused {
  if (old) return new Refused(500, { error: 'Internal Server Error', message });
  return new Refused(status, { error: status === 403 ? 'ForbiddenError' : 'UnauthorizedError', message });
}

/** Infisical refuses issuers on loopback; the emulator asks no others. @throws Refused */
async function keysOf({ discoveryUrl, jwks }: OidcAuth, old: boolean): Promise<JSONWebKeySet> {
  if (jwks !== undefined) return jwks;
  try {
    const found = (await fetched(`${discoveryUrl}/.well-known/openid-configuration`)) as { jwks_uri: string };
    return (await fetched(found.jwks_uri)) as JSONWebKeySet;
  } catch (cause) {
    const { code, message } = rootOf(cause);
    if (old)
      throw new Refused(500, {
        ...(code === undefined ? {} : { code }),
        error: 'Internal Server Error',
        message,
      });
    throw unauthorized(
      `Access denied: Failed to fetch OIDC discovery document from ${discoveryUrl}. ${message}`,
    );
  }
}

async function fetched(url: string): Promise<unknown> {
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname))
    throw new Error(`The emulator asks no issuer beyond loopback: ${url}`);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Request failed with status code ${String(response.status)}`);
  return response.json();
}

function rootOf(cause: unknown): { code?: string; message: string } {
  const error = cause as Error & { code?: string };
  return error.cause === undefined ? error : rootOf(error.cause);
}

interface Presented {
  auth: OidcAuth;
  keys: JSONWebKeySet;
  old: boolean;
  nowMs: number;
}

/** A token without a key ID is tried against every key. @throws Refused */
async function claimsOf(jwt: string, { auth, keys, old, nowMs }: Presented): Promise<JWTPayload> {
  const kid = kidOf(jwt, old);
  const candidates = keys.keys.filter((jwk) => kid === undefined || jwk.kid === kid);
  let problem = new JwtProblem(`Unable to find a signing key that matches '${String(kid)}'`);
  for (const jwk of candidates) {
    try {
      const key = (await importJWK(jwk, 'RS256')) as CryptoKey;
      return await verified(jwt, { key, algorithm: 'RS256', nowMs, issuer: auth.boundIssuer });
    } catch (cause) {
      if (!(cause instanceof JwtProblem)) throw cause;
      problem = cause;
    }
  }
  throw denied(old, old ? problem.message : wordsOfToday(problem.message, kid, candidates.length));
}

function wordsOfToday(problem: string, kid: string | undefined, candidates: number): string {
  if (kid === undefined)
    return `Access denied: Unable to verify JWT signature with any available signing key. ${problem}`;
  if (candidates > 0) return `Access denied: ${problem}`;
  return `Access denied: Unable to verify JWT signature. The signing key '${kid}' was not found in the OIDC provider's JWKS endpoint. This may indicate an invalid token or misconfigured OIDC provider.`;
}

function kidOf(jwt: string, old: boolean): string | undefined {
  try {
    return headerOf(jwt).kid;
  } catch {
    throw old
      ? new Refused(400, { error: 'BadRequest', message: 'Invalid JWT' })
      : unauthorized('Invalid JWT');
  }
}

/** @throws Refused */
function checkBindings(claims: JWTPayload, auth: OidcAuth, old: boolean): void {
  const { boundSubject = '', boundAudiences = '', boundClaims = {} } = auth;
  if (boundSubject !== '' && !matches(claims.sub, boundSubject, old))
    throw denied(old, 'Access denied: OIDC subject not allowed.', 403);
  if (boundAudiences !== '' && !audienceMatches(claims.aud, boundAudiences.split(', '), old))
    throw denied(old, 'Access denied: OIDC audience not allowed.');
  for (const [name, allowed] of Object.entries(boundClaims)) {
    const claim = claims[name] as string | undefined;
    if (claim === undefined && !old) throw denied(old, `Access denied: token has no ${name} field`);
    if (!allowed.split(', ').some((policy) => matches(claim, policy, old)))
      throw denied(old, 'Access denied: OIDC claim not allowed.');
  }
}

/** In 2024 a list of audiences was refused even when it held an allowed one. */
function audienceMatches(aud: string | string[] | undefined, policies: string[], old: boolean): boolean {
  const given = Array.isArray(aud) ? (old ? [] : aud) : [aud];
  return given.some((value) => policies.some((policy) => matches(value, policy, old)));
}

/** Equal, or a glob in which `*` stops at `/`; 2024 knew no globs. */
function matches(value: string | undefined, policy: string, old: boolean): boolean {
  if (value === policy) return true;
  return !old && value !== undefined && isMatch(value, policy);
}
