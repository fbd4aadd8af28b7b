import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import type { Application } from './applications.js';
import { Refused } from './refusals.js';

const seeFederation = 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation';

/** Whether a token of somebody else counts as a password of the application. @throws Refused */
export async function checkAssertion(jwt: string, application: Application, nowMs: number): Promise<void> {
  const claims = readable(jwt);
  checkFederation(claims, application);
  checkTime(claims, nowMs);
  await checkSignature(jwt, claims, nowMs);
}

function readable(jwt: string): JWTPayload {
  try {
    return decodeJwt(jwt);
  } catch {
    throw new Refused('invalid_request', 50027, 'JWT token is invalid or malformed.');
  }
}

/** One credential has to fit in all three, to the letter. */
function checkFederation({ iss, sub = '', aud }: JWTPayload, { federatedCredentials }: Application): void {
  const ofIssuer = federatedCredentials.filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0) throw unmatched(700211, 'issuer', String(iss));
  const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
  if (ofSubject.length === 0) {
    if (ofIssuer.some(({ subject }) => subject.toLowerCase() === sub.toLowerCase())) throw otherCase(sub);
    throw unmatched(700213, 'subject', sub);
  }
  const audiences = [aud ?? []].flat();
  if (!ofSubject.some(({ audience }) => audiences.includes(audience)))
    throw unmatched(700212, 'audience', audiences.join(', '));
}

function unmatched(code: number, what: string, value: string): Refused {
  return new Refused(
    'invalid_client',
    code,
    `No matching federated identity record found for presented assertion ${what} '${value}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${seeFederation}`,
  );
}

function otherCase(subject: string): Refused {
  return new Refused(
    'invalid_client',
    7002138,
    `No matching federated identity record found for presented assertion subject '${subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. See documentation at: ${seeFederation}.`,
  );
}

function checkTime({ nbf = 0, exp = 0 }: JWTPayload, nowMs: number): void {
  if (nowMs >= nbf * 1000 && nowMs < exp * 1000) return;
  const shown = (ms: number): string => new Date(ms).toISOString().replace('Z', '0000Z');
  throw new Refused(
    'invalid_client',
    700024,
    `Client assertion is not within its valid time range. Current time: ${shown(nowMs)}, assertion valid from ${shown(nbf * 1000)}, expiry time of assertion ${shown(exp * 1000)}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
  );
}

/** With the keys that the issuer publishes. */
async function checkSignature(jwt: string, { iss = '' }: JWTPayload, nowMs: number): Promise<void> {
  try {
    const discovered = (await (await fetch(`${iss}/.well-known/openid-configuration`)).json()) as {
      jwks_uri: string;
    };
    await jwtVerify(jwt, createRemoteJWKSet(new URL(discovered.jwks_uri)), {
      algorithms: ['RS256'],
      currentDate: new Date(nowMs),
    });
  } catch (cause) {
    if (cause instanceof errors.JOSEError)
      throw new Refused('invalid_client', 50013, 'Assertion failed signature validation.');
    throw new Refused('invalid_request', 90061, 'Request to External OIDC endpoint failed.');
  }
}
