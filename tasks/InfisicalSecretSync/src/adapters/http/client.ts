import type { Clock } from '../../ports.js';
import { Agents } from './agents.js';
import { exchange, type HttpRequest, type HttpResponse } from './exchange.js';
import { NetworkError } from './network-error.js';
import type { Network } from './network.js';
import { isFinal } from './no-answer.js';
import { backoffMs, retryAfterMs } from './retry-timing.js';

/** How often a request may be tried. */
export interface Attempts {
  /** After an answer that says "later": 429, 502, 503, 504. */
  refused: number;
  /** After no whole answer. */
  lost: number;
  /** Statuses that say "later" beside the usual ones. */
  alsoLater?: readonly number[];
}

export const readAttempts: Attempts = { refused: 5, lost: 5 };
/** A write is never repeated blindly: whether it took effect is read first. */
export const onceOnly: Attempts = { refused: 1, lost: 1 };

export interface Trace {
  method: string;
  path: string;
  outcome: string;
  ms: number;
  attempt: number;
  requestId: string | undefined;
}

export interface HttpClientOptions {
  clock: Clock;
  network: Network;
  /** Aborted when the agent asks the step to stop. */
  cancelled: AbortSignal;
  /** Aborted somewhat later, so that a write in flight may end. */
  writeCutOff: AbortSignal;
  trace: (line: Trace) => void;
  timeoutMs?: number;
  maxBytes?: number;
}

const overallMs = 300_000;
const later = [429, 502, 503, 504];

/** The policy of requests for both services: time limits, retries, pauses that a service asked for. */
export class HttpClient {
  readonly #options: Required<HttpClientOptions>;
  readonly #agents: Agents;
  /** By host: a service may ask for a pause on a 200, too. */
  readonly #quietUntilMs = new Map<string, number>();

  constructor(options: HttpClientOptions) {
    this.#options = { timeoutMs: 30_000, maxBytes: 32 * 1024 * 1024, ...options };
    this.#agents = new Agents(options.network);
  }

  /**
   * Sends a request, again where that is safe and allowed.
   * @returns the last answer, whatever its status
   * @throws NetworkError when the last attempt brought no whole answer
   */
  async send(request: HttpRequest, attempts: Attempts): Promise<HttpResponse> {
    const { clock } = this.#options;
    const deadlineMs = clock.nowMs() + overallMs;
    for (let attempt = 1; ; attempt += 1) {
      await this.#keepQuiet(request.url.host);
      const result = await this.#try(request, attempt);
      const pauseMs = this.#pauseMs(result, attempt, attempts);
      if (pauseMs === undefined || clock.nowMs() + pauseMs > deadlineMs) {
        if (result instanceof NetworkError) throw result;
        return result;
      }
      await clock.wait(pauseMs);
    }
  }

  /** Closes idle connections, so that the process can end. */
  close(): void {
    this.#agents.destroy();
  }

  async #try(request: HttpRequest, attempt: number): Promise<HttpResponse | NetworkError> {
    const { clock, trace, timeoutMs, maxBytes, cancelled, writeCutOff } = this.#options;
    const startMs = clock.nowMs();
    const signal = request.method === 'GET' ? cancelled : writeCutOff;
    const result = await exchange(request, this.#agents.wayTo(request.url), {
      timeoutMs: request.timeoutMs ?? timeoutMs,
      maxBytes,
      signal,
    }).catch((cause: unknown) => {
      if (cause instanceof NetworkError) return cause;
      throw cause;
    });
    trace({
      method: request.method,
      path: request.url.pathname,
      outcome: result instanceof NetworkError ? result.code : String(result.status),
      ms: clock.nowMs() - startMs,
      attempt,
      requestId: result instanceof NetworkError ? undefined : singleHeader(result.headers['activityid']),
    });
    if (!(result instanceof NetworkError)) this.#noteQuiet(request.url.host, result);
    return result;
  }

  #pauseMs(result: HttpResponse | NetworkError, attempt: number, attempts: Attempts): number | undefined {
    const { clock } = this.#options;
    const jitterMs = backoffMs(attempt, clock.random());
    if (result instanceof NetworkError) {
      return attempt < attempts.lost && !isFinal(result.code) ? jitterMs : undefined;
    }
    const saysLater = later.includes(result.status) || attempts.alsoLater?.includes(result.status) === true;
    if (!saysLater || attempt >= attempts.refused) return undefined;
    const askedMs = retryAfterMs(result.headers['retry-after'], clock.nowMs());
    return askedMs === 'too long' ? undefined : Math.max(askedMs ?? 0, jitterMs);
  }

  #noteQuiet(host: string, response: HttpResponse): void {
    if (response.status >= 300) return;
    const askedMs = retryAfterMs(response.headers['retry-after'], this.#options.clock.nowMs());
    if (typeof askedMs === 'number') this.#quietUntilMs.set(host, this.#options.clock.nowMs() + askedMs);
  }

  async #keepQuiet(host: string): Promise<void> {
    const restMs = (this.#quietUntilMs.get(host) ?? 0) - this.#options.clock.nowMs();
    if (restMs > 0) await this.#options.clock.wait(restMs);
  }
}

/** Whether a write that ended so may be tried again after reading: nobody knows, or the service said "later". */
export function mayTryAgain(status: number): boolean {
  return later.includes(status);
}

function singleHeader(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
