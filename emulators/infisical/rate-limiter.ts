import type { Answer } from '../loopback/loopback-server.js';
import { failure, isOld, type Profile } from './answers.js';

/** `public` is what needs no token: logging in. */
export type LimitKind = 'read' | 'write' | 'secret' | 'public';
export type Limits = Record<LimitKind, number>;

/** Infisical Cloud's free plan. */
const todayLimits: Limits = { read: 200, write: 90, secret: 120, public: 200 };
/** Recorded from a self-hosted server of July 2024. */
const oldLimits: Limits = { read: 60, write: 60, secret: 60, public: 200 };
const globalLimit = 600;
const windowMs = 60_000;

interface Window {
  count: number;
  endsMs: number;
}

/** Counts by client address and route, never by identity. */
export class RateLimiter {
  readonly #profile: Profile;
  readonly #limits: Limits;
  readonly #windows = new Map<string, Window>();

  constructor(profile: Profile, limits: true | Partial<Limits>) {
    this.#profile = profile;
    this.#limits = { ...(isOld(profile) ? oldLimits : todayLimits), ...(limits === true ? {} : limits) };
  }

  /** The headers of the answer, and the answer itself when it is "later". */
  count(
    address: string,
    { route, kind }: { route: string; kind: LimitKind },
    nowMs: number,
  ): { headers: Record<string, string>; later?: Answer } {
    const all = this.#note(`${address} *`, nowMs);
    const own = this.#note(`${address} ${route}`, nowMs);
    const isGlobal = !isOld(this.#profile) && all.count > globalLimit;
    const [limit, window] = isGlobal ? [globalLimit, all] : [this.#limits[kind], own];
    const seconds = Math.ceil((window.endsMs - nowMs) / 1000);
    const headers: Record<string, string> = {
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': String(Math.max(0, limit - window.count)),
      'X-RateLimit-Reset': String(seconds),
    };
    if (window.count <= limit) return { headers };
    return { headers: { ...headers, 'Retry-After': String(seconds) }, later: this.#later(seconds) };
  }

  #note(key: string, nowMs: number): Window {
    const open = this.#windows.get(key);
    const window = open !== undefined && nowMs < open.endsMs ? open : { count: 0, endsMs: nowMs + windowMs };
    window.count += 1;
    this.#windows.set(key, window);
    return window;
  }

  #later(seconds: number): Answer {
    // The old text names the length of the window, whatever is left of it.
    return isOld(this.#profile)
      ? failure(this.#profile, 429, {
          error: 'Too Many Requests',
          message: 'Rate limit exceeded, retry in 1 minute',
        })
      : failure(this.#profile, 429, {
          error: 'RateLimitExceeded',
          message: `Rate limit exceeded. Please try again in ${String(seconds)} seconds`,
        });
  }
}
