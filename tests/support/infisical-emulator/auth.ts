import type { Answer, Received } from '../loopback-server.js';
import { failure, isOld, json, type Profile } from './answers.js';
import { issueToken, Lockout, type IssuedToken, type MachineIdentity } from './identities.js';

/** Logs machine identities in and out, and knows who sends a request. */
export class Auth {
  readonly tokens: IssuedToken[] = [];
  readonly identities: MachineIdentity[] = [];
  readonly #options: { profile: Profile; now: () => number };
  readonly #lockout = new Lockout();

  constructor(options: { profile: Profile; now: () => number }) {
    this.#options = options;
  }

  login(received: Received): Answer {
    const { profile, now } = this.#options;
    const sent = bodyOf(received);
    const clientId = sent['clientId']?.trim() ?? '';
    const clientSecret = sent['clientSecret']?.trim();
    const refused = (status: number, error: string, message: string): Answer =>
      failure(profile, status, { error, message });
    if (clientSecret === undefined) {
      return failure(profile, 422, {
        error: 'ValidationFailure',
        message: [{ code: 'invalid_type', path: ['clientSecret'] }],
      });
    }
    const identity = this.identities.find(({ universalAuth }) => universalAuth?.clientId === clientId);
    if (identity?.universalAuth === undefined)
      return refused(401, 'UnauthorizedError', 'Invalid credentials');
    if (!isOld(profile) && this.#lockout.isLocked(clientId, now())) {
      return refused(
        401,
        'UnauthorizedError',
        'This identity auth method is temporarily locked, please try again later',
      );
    }
    if (identity.universalAuth.clientSecret !== clientSecret) {
      this.#lockout.noteFailure(clientId, now());
      return refused(401, 'UnauthorizedError', 'Invalid credentials');
    }
    this.#lockout.clear(clientId);
    switch (identity.universalAuth.state) {
      case 'expired':
        return refused(401, 'UnauthorizedError', 'Access denied due to expired client secret');
      case 'used up':
        return refused(401, 'UnauthorizedError', 'Access denied due to client secret usage limit reached');
      case 'ip denied':
        return refused(
          403,
          'ForbiddenError',
          'You are not allowed to access this resource from the current IP address',
        );
      default: {
        const token = issueToken(identity, now());
        this.tokens.push(token);
        return json(200, {
          accessToken: token.text,
          expiresIn: 7200,
          accessTokenMaxTTL: 7200,
          tokenType: 'Bearer',
        });
      }
    }
  }

  revoke(received: Received): Answer {
    const { profile } = this.#options;
    const text = bodyOf(received)['accessToken'];
    const token = this.tokens.find((issued) => issued.text === text && !issued.revoked);
    if (token === undefined)
      return failure(profile, 401, {
        error: 'UnauthorizedError',
        message: 'Failed to authorize: token has been revoked',
      });
    token.revoked = true;
    return json(200, { message: 'Successfully revoked access token' });
  }

  identityOf(received: Received): MachineIdentity | Answer {
    const { profile, now } = this.#options;
    const text = /^Bearer (.+)$/i.exec(received.headers.authorization ?? '')?.[1];
    if (text === undefined)
      return failure(profile, 401, { error: 'UnauthorizedError', message: 'Token missing' });
    const own = this.identities.find(({ tokenAuth }) => tokenAuth?.accessToken === text);
    if (own !== undefined) return own;
    const token = this.tokens.find((issued) => issued.text === text);
    if (token === undefined) return malformedToken(profile);
    if (token.revoked)
      return failure(profile, 401, {
        error: 'UnauthorizedError',
        message: 'Failed to authorize: token has been revoked',
      });
    if (now() >= token.expiresAtMs) return expiredToken(profile);
    return token.identity;
  }
}

function malformedToken(profile: Profile): Answer {
  if (isOld(profile))
    return failure(profile, 500, { error: 'Internal Server Error', message: 'jwt malformed' });
  const message =
    'The provided access token is malformed. Please use a valid token or generate a new one and try again.';
  return failure(profile, 403, { error: 'TokenError', message });
}

function expiredToken(profile: Profile): Answer {
  if (isOld(profile))
    return failure(profile, 500, { error: 'Internal Server Error', message: 'jwt expired' });
  return failure(profile, 403, {
    error: 'TokenError',
    message: 'Your token has expired. Please re-authenticate.',
  });
}

/** Login and revoke take JSON and forms. */
function bodyOf({ headers, body }: Received): Record<string, string | undefined> {
  if (/x-www-form-urlencoded/.test(headers['content-type'] ?? ''))
    return Object.fromEntries(new URLSearchParams(body));
  try {
    return JSON.parse(body) as Record<string, string>;
  } catch {
    return {};
  }
}
