import type { Clock } from '#task/ports.js';

/** A clock that jumps over every wait and remembers it. */
export class FakeClock implements Clock {
  readonly waits: number[] = [];
  now = Date.UTC(2026, 10, 24);
  chance = 0.5;

  nowMs(): number {
    return this.now;
  }

  random(): number {
    return this.chance;
  }

  wait(ms: number): Promise<void> {
    this.waits.push(ms);
    this.now += ms;
    return Promise.resolve();
  }

  stopIfAsked(): void {
    // Nobody asks.
  }
}
