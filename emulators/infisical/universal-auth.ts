import type { Answer } from '../loopback/loopback-server.js';
import { checkAddress } from './addresses.js';
import { isOld, unauthorized } from './answers.js';
import { databaseDown } from './bearer.js';
import type { UniversalAuth } from './identities.js';
import type { Lockout } from './lockout.js';
import { loggedIn } from './logins.js';
import type { Call, Server } from './server.js';
import { textsOf } from './validation.js';

type Identity = Server['identities'][number];

const words = {
  today: {
    expired: 'Access denied due to expired client secret',
    usedUp: 'Access denied due to client secret usage limit reached',
  },
  2024: {
    expired: 'Failed to authenticate identity credentials due to expired client secret',
    usedUp: 'Failed to authenticate identity credentials due to client secret number of uses limit reached',
  },
};

/** Logs in with client ID and client secret. */
export function universalAuth(lockout: Lockout): (call: Call, server: Server) => Promise<Answer> {
  return async ({ body, address }, server) => {
    const sent = textsOf(body, ['clientId', 'clientSecret'], ['organizationSlug']);
    if (server.databaseIsDown) throw databaseDown(server, 'Find one');
    const clientId = sent.clientId.trim();
    const identity = server.identities.find((candidate) => candidate.universalAuth?.clientId === clientId);
    const auth = identity?.universalAuth;
    if (identity === undefined || auth === undefined) throw unauthorized('Invalid credentials');
    checkAddress(address, auth.state === 'ip denied' ? [] : auth.trustedIps);
    checkSecret({ lockout, server, auth }, sent.clientSecret.trim());
    checkSecretIsFresh(identity, auth, server);
    identity.secretUses += 1;
    return loggedIn(server, identity, {
      organizationSlug: sent.organizationSlug,
      ...(auth.clientSecretId === undefined ? {} : { clientSecretId: auth.clientSecretId }),
    });
  };
}

/** Only wrong secrets count, and only servers of today lock. */
function checkSecret(
  { lockout, server, auth }: { lockout: Lockout; server: Server; auth: UniversalAuth },
  secret: string,
): void {
  const locks = !isOld(server.options.profile);
  const nowMs = server.options.now();
  if (locks && lockout.isLocked(auth.clientId, nowMs))
    throw unauthorized('This identity auth method is temporarily locked, please try again later');
  if (auth.clientSecret === secret && auth.state !== 'revoked') {
    lockout.clear(auth.clientId);
    return;
  }
  if (locks) lockout.noteFailure(auth.clientId, nowMs);
  throw unauthorized('Invalid credentials');
}

/** A secret that is too old or used up is revoked by the login that finds it so. */
function checkSecretIsFresh(identity: Identity, auth: UniversalAuth, server: Server): void {
  const { expired, usedUp } = words[isOld(server.options.profile) ? 2024 : 'today'];
  const { state, secretTtl = 0, secretUsesLimit = 0 } = auth;
  const ageMs = server.options.now() - identity.addedAtMs;
  const isExpired = state === 'expired' || (secretTtl > 0 && ageMs > secretTtl * 1000);
  const isUsedUp = state === 'used up' || (secretUsesLimit > 0 && identity.secretUses >= secretUsesLimit);
  if (!isExpired && !isUsedUp) return;
  auth.state = 'revoked';
  throw unauthorized(isExpired ? expired : usedUp);
}
