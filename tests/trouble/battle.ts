import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import type { Logged } from '../../emulators/loopback/loopback-server.js';

/** Several syncs that write one destination at the same time, and what came of it. */

export interface Rival {
  name: string;
  step: FinishedStep;
  /** How often it wrote. */
  rounds: number;
}

/** What each PUT of a set of rivals took away that an earlier one had brought. */
export interface Battle {
  tasks: Rival[];
  lost: number;
  windows: number[];
}

export function lostWrites(requests: readonly Logged[]): number {
  let lost = 0;
  let before: string[] = [];
  for (const { body } of requests.filter(({ method, status }) => method === 'PUT' && status === 200)) {
    const sent = Object.keys((JSON.parse(body) as { variables: object }).variables);
    lost += before.filter((name) => !sent.includes(name)).length;
    before = sent;
  }
  return lost;
}

/** From the last read of a rival to its write: what somebody else writes in between is overwritten. */
export function windowsOf(requests: readonly Logged[]): number[] {
  const lastRead = new Map<string, number>();
  const windows: number[] = [];
  for (const { method, identity = '', status, atMs } of requests) {
    if (method === 'GET') lastRead.set(identity, atMs);
    else if (status === 200) windows.push(atMs - (lastRead.get(identity) ?? atMs));
  }
  return windows.sort((a, b) => a - b);
}

export function report(what: string, { tasks, lost, windows }: Battle): void {
  const rounds = tasks.map((task) => task.rounds);
  const failed = tasks.filter(({ step }) => step.result === 'Failed').length;
  const ms = (value: number | undefined): string => `${(value ?? 0).toFixed(1)} ms`;
  console.log(
    `      ${String(tasks.length)} tasks on ${what}: ${String(failed)} failed; writes per task ${rounds.join(' ')}; ${String(lost)} variables overwritten on the way; ` +
      `read to write: min ${ms(windows[0])}, median ${ms(windows[Math.floor(windows.length / 2)])}, max ${ms(windows.at(-1))}; longest task ${ms(Math.max(...tasks.map(({ step }) => step.durationMs)))}`,
  );
}
