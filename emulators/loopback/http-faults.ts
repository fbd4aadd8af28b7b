/** Ways in which a service, or what stands before it, misbehaves. */
export type Fault =
  | { kind: 'status'; status: number; body?: unknown; headers?: Record<string, string> }
  | { kind: 'html'; status: number }
  | { kind: 'reset' }
  | { kind: 'hang' }
  | { kind: 'truncate' }
  | { kind: 'endless' }
  | { kind: 'delay'; ms: number }
  /** The service's own answer, with more headers: throttling that has not begun yet, for example. */
  | { kind: 'headers'; headers: Record<string, string> };

export interface Match {
  method?: string;
  path?: RegExp;
}

export interface PlannedFault {
  match: Match;
  fault: Fault;
  /** How often; once unless said otherwise. */
  times?: number;
  /** How many matching requests pass first. */
  skip?: number;
  /** `after`: the service acts on the request, and only its answer is replaced. */
  when?: 'before' | 'after';
}

interface Hook {
  match: Match;
  times: number;
  run: () => void;
}

/** What a test asked for, used up request by request. */
export class Faults {
  readonly #planned: Required<PlannedFault>[] = [];
  readonly #hooks: Hook[] = [];

  add(planned: PlannedFault): void {
    this.#planned.push({ times: 1, skip: 0, when: 'before', ...planned });
  }

  /** From now on the service is well again. */
  clear(): void {
    this.#planned.length = 0;
    this.#hooks.length = 0;
  }

  /** Runs something just before a matching request is handled, for example an edit by hand. */
  addHook(match: Match & { times?: number }, run: () => void): void {
    this.#hooks.push({ match, times: match.times ?? 1, run });
  }

  runHooks(method: string, path: string): void {
    for (const hook of this.#hooks.filter(({ match, times }) => times > 0 && isMatch(match, method, path))) {
      hook.times -= 1;
      hook.run();
    }
  }

  take(method: string, path: string): Required<PlannedFault> | undefined {
    for (const planned of this.#planned) {
      if (planned.times === 0 || !isMatch(planned.match, method, path)) continue;
      if (planned.skip > 0) {
        planned.skip -= 1;
        continue;
      }
      planned.times -= 1;
      return planned;
    }
    return undefined;
  }
}

function isMatch(match: Match, method: string, path: string): boolean {
  return (match.method ?? method) === method && (match.path?.test(path) ?? true);
}
