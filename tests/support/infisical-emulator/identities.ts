import { randomUUID } from 'node:crypto';

/** What an identity may do in a project: everything, nothing, or reading in some places. */
export type Role =
  | 'admin'
  | 'no-access'
  | { rules: { environment?: string; path?: string; actions: ('describeSecret' | 'readValue')[] }[] };

export interface MachineIdentity {
  name: string;
  universalAuth?: {
    clientId: string;
    clientSecret: string;
    state?: 'valid' | 'expired' | 'used up' | 'ip denied';
  };
  tokenAuth?: { accessToken: string };
  /** By project slug; a project that is not named is one it is no member of. */
  projects: Record<string, Role>;
}

export interface IssuedToken {
  text: string;
  identity: MachineIdentity;
  expiresAtMs: number;
  revoked: boolean;
}

const lockAfter = 3;
const lockWindowMs = 30_000;
const lockMs = 300_000;

/** Counts wrong secrets: three within 30 s lock an identity for five minutes (Infisical's defaults). */
export class Lockout {
  readonly #failures = new Map<string, { count: number; untilMs: number }>();
  readonly #lockedUntilMs = new Map<string, number>();

  isLocked(clientId: string, nowMs: number): boolean {
    return nowMs < (this.#lockedUntilMs.get(clientId) ?? 0);
  }

  noteFailure(clientId: string, nowMs: number): void {
    const earlier = this.#failures.get(clientId);
    const count = earlier !== undefined && nowMs < earlier.untilMs ? earlier.count + 1 : 1;
    this.#failures.set(clientId, { count, untilMs: nowMs + lockWindowMs });
    if (count >= lockAfter) this.#lockedUntilMs.set(clientId, nowMs + lockMs);
  }

  clear(clientId: string): void {
    this.#failures.delete(clientId);
  }
}

/** A token that looks like Infisical's: three parts, long enough to be seen anywhere. */
export function issueToken(identity: MachineIdentity, nowMs: number): IssuedToken {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { identityAccessTokenId: randomUUID(), authTokenType: 'identityAccessToken' };
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}.${part(randomUUID())}`;
  return { text, identity, expiresAtMs: nowMs + 7_200_000, revoked: false };
}

/** What an identity may do in one folder. */
export function actionsIn(role: Role | undefined, environment: string, path: string): Set<string> {
  if (role === undefined || role === 'no-access') return new Set();
  if (role === 'admin') return new Set(['describeSecret', 'readValue']);
  const matching = role.rules.filter(
    (rule) =>
      (rule.environment ?? environment) === environment &&
      (rule.path === undefined ||
        rule.path === path ||
        (rule.path.endsWith('/**') && path.startsWith(rule.path.slice(0, -3)))),
  );
  return new Set(matching.flatMap(({ actions }) => actions));
}
