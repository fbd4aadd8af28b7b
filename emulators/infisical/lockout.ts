const lockAfter = 3;
const windowMs = 30_000;
const lockMs = 300_000;

/** Counts wrong secrets: three within 30 s lock an identity for five minutes, and each one starts the 30 s anew. */
export class Lockout {
  readonly #failures = new Map<string, { count: number; untilMs: number }>();
  readonly #lockedUntilMs = new Map<string, number>();

  isLocked(clientId: string, nowMs: number): boolean {
    return nowMs < (this.#lockedUntilMs.get(clientId) ?? 0);
  }

  noteFailure(clientId: string, nowMs: number): void {
    const earlier = this.#failures.get(clientId);
    const count = earlier !== undefined && nowMs < earlier.untilMs ? earlier.count + 1 : 1;
    this.#failures.set(clientId, { count, untilMs: nowMs + windowMs });
    if (count < lockAfter) return;
    this.#lockedUntilMs.set(clientId, nowMs + lockMs);
    this.#failures.delete(clientId);
  }

  clear(clientId: string): void {
    this.#failures.delete(clientId);
  }
}
