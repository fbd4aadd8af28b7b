import { decodeProtectedHeader, errors, jwtVerify, SignJWT, type CryptoKey, type JWTPayload } from 'jose';

/** What is wrong with a JWT, in the words of the library that Infisical uses. */
export class JwtProblem extends Error {
  override readonly name = 'JwtProblem';
}

interface Check {
  key: CryptoKey | Uint8Array;
  algorithm: 'HS256' | 'RS256';
  nowMs: number;
  issuer?: string;
}

export function signedHs256(payload: JWTPayload, key: Uint8Array): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(key);
}

/** The header, as far as one can tell without a key. @throws JwtProblem */
export function headerOf(text: string): { alg?: string; kid?: string } {
  if (text === '') throw new JwtProblem('jwt must be provided');
  if (text.split('.').length !== 3) throw new JwtProblem('jwt malformed');
  try {
    return decodeProtectedHeader(text);
  } catch {
    throw new JwtProblem('invalid token');
  }
}

/** @throws JwtProblem */
export async function verified(text: string, { key, algorithm, nowMs, issuer }: Check): Promise<JWTPayload> {
  const { alg } = headerOf(text);
  if (text.endsWith('.')) throw new JwtProblem('jwt signature is required');
  if (alg !== algorithm) throw new JwtProblem('invalid algorithm');
  try {
    const options = { currentDate: new Date(nowMs), ...(issuer === undefined ? {} : { issuer }) };
    return (await jwtVerify(text, key, options)).payload;
  } catch (cause) {
    throw new JwtProblem(wordsFor(cause, issuer), { cause });
  }
}

function wordsFor(cause: unknown, issuer: string | undefined): string {
  if (cause instanceof errors.JWTExpired) return 'jwt expired';
  if (cause instanceof errors.JWSSignatureVerificationFailed) return 'invalid signature';
  if (cause instanceof errors.JWTClaimValidationFailed && cause.claim === 'iss')
    return `jwt issuer invalid. expected: ${String(issuer)}`;
  if (cause instanceof errors.JWTClaimValidationFailed && cause.claim === 'nbf') return 'jwt not active';
  return 'invalid token';
}
