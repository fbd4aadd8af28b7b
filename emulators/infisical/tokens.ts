import { randomBytes, randomUUID } from 'node:crypto';
import { isOld, isRecorded2026, unauthorized, type Profile } from './answers.js';
import type { MachineIdentity } from './identities.js';
import { signedHs256, verified } from './jwt.js';
import { rootOrganization } from './store.js';

export interface IssuedToken {
  readonly id: string;
  text: string;
  readonly identity: MachineIdentity;
  /** Slug of the organization that the session is scoped to. */
  readonly organization: string;
  readonly clientSecretId?: string;
  readonly issuedAtMs: number;
  /** When its TTL ends; renewing moves it. */
  expiresAtMs: number;
  /** `deleted`: old servers forget a token for good. */
  revoked: boolean | 'identity' | 'client-secret' | 'deleted';
  uses: number;
}

export interface TokenAnswer {
  accessToken: string;
  expiresIn: number;
  accessTokenMaxTTL: number;
  tokenType: 'Bearer';
}

interface Session {
  organization?: string;
  clientSecretId?: string;
}

/** 90 days after 4 May 2026, when tokens got an end. */
const noEndRefusedFromMs = Date.parse('2026-08-02T00:00:00Z');
/** Seconds; what the forms of many auth methods propose. */
const usualTtl = 7200;
/** Clients are told that a periodic token lives for some thirty years. */
const periodicMaxTtl = 1_000_000_000;

/** Access tokens: HS256 JWTs with the payload that was recorded in 2024. */
export class Tokens {
  readonly issued: IssuedToken[] = [];
  readonly #key = randomBytes(32);
  readonly #profile: Profile;
  readonly #now: () => number;

  constructor({ profile, now }: { profile: Profile; now: () => number }) {
    this.#profile = profile;
    this.#now = now;
  }

  async issue(identity: MachineIdentity, session: Session = {}): Promise<IssuedToken> {
    const token: IssuedToken = {
      id: randomUUID(),
      text: '',
      identity,
      organization: session.organization ?? identity.organization ?? rootOrganization,
      ...(session.clientSecretId === undefined ? {} : { clientSecretId: session.clientSecretId }),
      issuedAtMs: this.#now(),
      expiresAtMs: 0,
      revoked: false,
      uses: 0,
    };
    await this.#sign(token);
    this.issued.push(token);
    return token;
  }

  answerFor(token: IssuedToken): TokenAnswer {
    const { ttl, maxTtl } = lifeOf(token.identity);
    return { accessToken: token.text, expiresIn: ttl, accessTokenMaxTTL: maxTtl, tokenType: 'Bearer' };
  }

  /** @throws JwtProblem, or Refused when the token is no longer one */
  async find(text: string): Promise<IssuedToken> {
    const payload = await verified(text, { key: this.#key, algorithm: 'HS256', nowMs: this.#now() });
    const token = this.issued.find(({ id }) => id === payload['identityAccessTokenId']);
    if (token === undefined) throw unauthorized();
    return token;
  }

  /** Today a new JWT; in 2024 the same one, which lived for its maximum from the start. @throws Refused */
  async renew(text: string): Promise<TokenAnswer> {
    const token = await this.find(text);
    refuseGone(token, this.#profile, 'Cannot renew');
    if (isOld(this.#profile)) this.#renewAsIn2024(token);
    else {
      this.refuseWithoutEnd(token);
      await this.#renewAsToday(token);
    }
    return this.answerFor(token);
  }

  #renewAsIn2024(token: IssuedToken): void {
    this.refuseWhenTtlIsOver(token);
    const { ttl, maxTtl } = lifeOf(token.identity);
    const wanted = this.#now() + ttl * 1000;
    if (wanted > token.issuedAtMs + maxTtl * 1000) {
      token.revoked = 'deleted';
      throw unauthorized('Failed to renew MI access token past its Max TTL expiration');
    }
    token.expiresAtMs = wanted;
  }

  async #renewAsToday(token: IssuedToken): Promise<void> {
    const limit = token.identity.tokens?.usesLimit ?? 0;
    if (limit > 0 && token.uses >= limit) throw unauthorized('Cannot renew exhausted access token');
    const { ttl, maxTtl } = lifeOf(token.identity);
    const left = token.issuedAtMs / 1000 + maxTtl - this.#now() / 1000;
    if (ttl > 0 && left <= 0)
      throw unauthorized('Cannot renew: identity access token has reached its max TTL');
    await this.#sign(token);
  }

  /** In 2024 the JWT outlived its TTL; the first use after that deletes the token. @throws Refused */
  refuseWhenTtlIsOver(token: IssuedToken): void {
    if (this.#now() <= token.expiresAtMs) return;
    token.revoked = 'deleted';
    throw unauthorized('Failed to renew MI access token due to TTL expiration');
  }

  /** Recorded: tokens without an end are refused since they can be 90 days old. @throws Refused */
  refuseWithoutEnd(token: IssuedToken): void {
    if (!isRecorded2026(this.#profile) || token.expiresAtMs !== Infinity || this.#now() < noEndRefusedFromMs)
      return;
    throw unauthorized('Identity access token exceeded max age, please re-authenticate');
  }

  async #sign(token: IssuedToken): Promise<void> {
    const nowMs = this.#now();
    const { ttl, maxTtl } = lifeOf(token.identity);
    const iat = Math.floor(nowMs / 1000);
    const jwtSeconds = isOld(this.#profile)
      ? maxTtl
      : Math.min(ttl, Math.floor(token.issuedAtMs / 1000) + maxTtl - iat);
    token.expiresAtMs = ttl === 0 ? Infinity : nowMs + ttl * 1000;
    const times = { iat, ...(ttl === 0 ? {} : { exp: iat + jwtSeconds }) };
    const payload = isRecorded2026(this.#profile)
      ? { ...claimsOfToday(token), ...times, jti: token.id }
      : {
          identityId: token.identity.id,
          ...(token.clientSecretId === undefined ? {} : { clientSecretId: token.clientSecretId }),
          identityAccessTokenId: token.id,
          authTokenType: 'identityAccessToken',
          ...times,
        };
    token.text = await signedHs256(payload, this.#key);
  }
}

/** The claims of July 2026, in the recorded order. */
function claimsOfToday(token: IssuedToken): Record<string, unknown> {
  const { identity, organization } = token;
  const { ttl, maxTtl } = lifeOf(identity);
  const method = (['universal', 'oidc', 'azure'] as const).find(
    (name) => identity[`${name}Auth`] !== undefined,
  );
  return {
    identityId: identity.id,
    identityName: identity.name,
    authMethod: `${method ?? 'token'}-auth`,
    orgId: organization,
    rootOrgId: organization,
    parentOrgId: organization,
    clientSecretId: token.clientSecretId ?? '',
    identityAccessTokenId: token.id,
    ipRestrictionEnabled: true,
    accessTokenTTL: ttl,
    accessTokenMaxTTL: maxTtl,
    accessTokenPeriod: identity.tokens?.period ?? 0,
    creationEpoch: Math.floor(token.issuedAtMs / 1000),
    authTokenType: 'identityAccessToken',
    identityAuth: identity.oidcAuth === undefined ? {} : { oidc: { claims: {} } },
  };
}

function lifeOf({ tokens = {} }: MachineIdentity): { ttl: number; maxTtl: number } {
  if (tokens.period !== undefined) return { ttl: tokens.period, maxTtl: periodicMaxTtl };
  const ttl = tokens.ttl ?? usualTtl;
  return { ttl, maxTtl: tokens.maxTtl ?? ttl };
}

/** @throws Refused when the token was revoked */
export function refuseGone(token: IssuedToken, profile: Profile, prefix = 'Failed to authorize'): void {
  if (token.revoked === false) return;
  // Recorded in 2024: a token outlives its client secret.
  if (isOld(profile) && token.revoked === 'client-secret') return;
  if (isOld(profile)) throw unauthorized();
  const what = { identity: 'identity tokens have', 'client-secret': 'client secret has' };
  const who =
    typeof token.revoked === 'string' && token.revoked in what
      ? what[token.revoked as 'identity']
      : 'token has';
  throw unauthorized(`${prefix}: ${who} been revoked`);
}
