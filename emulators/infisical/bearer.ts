import { checkAddress } from './addresses.js';
import { isOld, isRecorded2026, Refused, unauthorized } from './answers.js';
import { JwtProblem } from './jwt.js';
import type { Actor, Server } from './server.js';
import { rootOrganization } from './store.js';
import { refuseGone, type IssuedToken } from './tokens.js';

/** Who the Authorization header names; undefined without one, or with an empty one. @throws Refused */
export async function actorOf(
  server: Server,
  header: string | undefined,
  address: string,
): Promise<Actor | undefined> {
  // @infisical/sdk 2.3.5 logs in with an empty header.
  if (header === undefined || header === '') return undefined;
  // The scheme is not looked at: seven characters are cut off.
  const text = header.slice(7);
  const own = server.identities.find(({ tokenAuth }) => tokenAuth?.accessToken === text);
  if (own !== undefined) return { identity: own, organization: own.organization ?? rootOrganization };
  if (text.startsWith('st.')) throw unknownServiceToken(server, text);
  const token = await found(server, text);
  refuseSpent(server, token, address);
  token.uses += 1;
  return { identity: token.identity, organization: token.organization, token };
}

function unknownServiceToken({ options }: Server, text: string): Refused {
  if (!isRecorded2026(options.profile)) return unauthorized();
  const message = `Service token with ID '${text.split('.')[1] ?? ''}' not found`;
  return new Refused(404, { error: 'NotFound', message });
}

/** A token that is one. @throws Refused */
export async function found(server: Server, text: string): Promise<IssuedToken> {
  try {
    return await server.tokens.find(text);
  } catch (cause) {
    if (cause instanceof JwtProblem) throw tokenError(cause.message, isOld(server.options.profile));
    throw cause;
  }
}

/** What is wrong with a JWT: in 2024 a fault of the server's own, today a refusal. */
export function tokenError(problem: string, isOldServer: boolean): Refused {
  if (isOldServer) return new Refused(500, { error: 'Internal Server Error', message: problem });
  const today: Record<string, string> = {
    'jwt expired': 'Your token has expired. Please re-authenticate.',
    'jwt malformed':
      'The provided access token is malformed. Please use a valid token or generate a new one and try again.',
    'invalid algorithm':
      'The access token is signed with an invalid algorithm. Please provide a valid token and try again.',
  };
  return new Refused(403, { error: 'TokenError', message: today[problem] ?? problem });
}

function refuseSpent(server: Server, token: IssuedToken, address: string): void {
  const { profile } = server.options;
  if (server.databaseIsDown) throw databaseDown(server, 'IdAccessTokenFindOne');
  refuseGone(token, profile);
  server.tokens.refuseWithoutEnd(token);
  if (isOld(profile)) server.tokens.refuseWhenTtlIsOver(token);
  const { usesLimit = 0, trustedIps } = token.identity.tokens ?? {};
  if (usesLimit > 0 && token.uses >= usesLimit) {
    if (!isOld(profile)) throw unauthorized('Failed to authorize: token usage limit reached');
    token.revoked = 'deleted';
    throw new Refused(400, {
      error: 'BadRequest',
      message: 'Unable to renew because access token number of uses limit reached',
    });
  }
  checkAddress(address, trustedIps);
}

/** @param query what old servers call the query that failed */
export function databaseDown(server: Server, query: string): Refused {
  const { profile } = server.options;
  const error = isOld(profile) || isRecorded2026(profile) ? query : 'DatabaseError';
  return new Refused(500, { error, message: 'Something went wrong' });
}
