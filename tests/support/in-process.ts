/**
 * A run without a world: ports that do what they are told and remember it.
 *
 *   const stage = new Stage({ listing: aListing(aListedSecret('A', 'x')) });
 *   stage.group.rivalBefore(2, (held) => …);    // what somebody else does right before the second read
 *   stage.group.outcomes.push(contested);       // how the next write ends
 *   const report = await stage.run(aConfig());
 */
import type { Config } from '#task/config/config.js';
import {
  variableGroupTraits,
  type CurrentDestination,
  type DestinationPlan,
} from '#task/domain/destination-plan.js';
import type { CurrentVariable } from '#task/domain/plan.js';
import type { Place, Report } from '#task/domain/report.js';
import type { SecretValue } from '#task/domain/secret-value.js';
import type { ListedSecret, SourceListing } from '#task/domain/source.js';
import type { ReadDestination, SecretSource, StepHost, VariableStore, WriteOutcome } from '#task/ports.js';
import { run, type Parts } from '#task/sync/run.js';
import { somePrints } from './builders.js';
import { FakeClock } from './fake-clock.js';

export const aListing = (...secrets: ListedSecret[]): SourceListing => ({ secrets, imports: [] });

/** A write that took effect, or did not, and at the same time as somebody else's. */
export const contested = (tookEffect: boolean): Ending => ({
  apply: tookEffect,
  outcome: { kind: 'contested', tookEffect },
});
export const unheardOf = (apply = false): Ending => ({
  apply,
  outcome: { kind: 'unknown', why: 'no answer', waitMs: 700 },
});
export const deferred: Ending = { apply: false, outcome: { kind: 'deferred', why: 'busy', waitMs: 900 } };

/** How a write ends, and whether the group holds the plan then. */
export interface Ending {
  apply: boolean;
  outcome: WriteOutcome;
}

export class MemoryGroup implements VariableStore {
  readonly title = 'variable group "web" in project "Shop"';
  place: Place = { kind: 'variableGroup', project: 'Shop', name: 'web', id: 7 };
  mostRounds = 10;
  held: CurrentDestination;
  reads = 0;
  readonly plans: DestinationPlan[] = [];
  readonly attempts: number[] = [];
  readonly outcomes: Ending[] = [];
  readonly #clock: FakeClock;
  readonly #rivals = new Map<number, (held: CurrentDestination) => CurrentDestination>();
  version = 1;

  constructor(held: CurrentDestination, clock: FakeClock) {
    this.held = held;
    this.#clock = clock;
  }

  /** Somebody else writes right before a read, of which the first is 1. */
  rivalBefore(read: number, write: (held: CurrentDestination) => CurrentDestination): void {
    this.#rivals.set(read, write);
  }

  read(): Promise<ReadDestination> {
    this.reads += 1;
    const rival = this.#rivals.get(this.reads);
    if (rival !== undefined) {
      this.version += 1;
      this.held = rival(this.held);
    }
    const now = this.#clock.nowMs();
    const { place, exists } = this.held;
    const version = exists ? String(this.version) : undefined;
    return Promise.resolve({
      ...this.held,
      ...(place === undefined ? {} : { place: { ...place, answeredAtMs: now } }),
      version,
      readAtMs: now,
    });
  }

  write(plan: DestinationPlan, attempt: number): Promise<WriteOutcome> {
    this.plans.push(plan);
    this.attempts.push(attempt);
    const { apply, outcome } = this.outcomes.shift() ?? { apply: true, outcome: undefined };
    if (apply) {
      const { place } = this.held;
      const changed = place === undefined ? {} : { place: { ...place, changedAtMs: this.#clock.nowMs() } };
      this.held = { ...after(plan, this.held), ...changed };
      this.version += 1;
    }
    return Promise.resolve(outcome ?? { kind: 'verified', version: String(this.version) });
  }
}

/** What a plan makes of a destination. */
export function after(plan: DestinationPlan, before: CurrentDestination): CurrentDestination {
  if (plan.write === 'delete') return { ...before, exists: false, description: '', variables: [] };
  const kept = new Map(before.variables.map((variable) => [variable.name, variable]));
  const variables = plan.changes.flatMap((change): CurrentVariable[] => {
    const { name, kind } = change;
    if ('to' in change)
      return [
        change.to.isSecret ? { name, isSecret: true } : { name, isSecret: false, value: change.to.value },
      ];
    const old = kept.get(name);
    return kind === 'delete' || old === undefined ? [] : [old];
  });
  return { ...before, exists: true, description: plan.description, variables };
}

/** An agent that writes everything down, in order. */
export class MemoryHost implements StepHost {
  readonly said: string[] = [];
  readonly masked: string[] = [];
  readonly outputs: Record<string, string> = {};
  readonly files: Record<string, string> = {};
  decodesPercents = true;

  mask(values: Iterable<SecretValue>): void {
    for (const value of values) this.masked.push(value.reveal());
    this.said.push('masked');
  }

  log(line: string): void {
    this.said.push(`log ${line}`);
  }

  warn(message: string): void {
    this.said.push(`warn ${message}`);
  }

  progress(percent: number, what: string): void {
    this.said.push(`progress ${String(percent)}${what === '' ? ' of nothing' : ''}`);
  }

  setOutput(name: string, value: string): void {
    this.outputs[name] = value;
  }

  writeFile(name: string, content: string): string {
    this.files[name] = content;
    return `/files/${name}`;
  }

  uploadSummary(path: string): void {
    this.said.push(`summary ${path}`);
  }

  fail(message: string): void {
    this.said.push(`fail ${message}`);
  }

  debug(text: string): void {
    this.said.push(`debug ${text}`);
  }

  complete(result: string): void {
    this.said.push(`complete ${result}`);
  }
}

/** Gives a listing, or fails, and counts how often somebody signed out. */
export class MemorySource implements SecretSource {
  signedOut = 0;
  listing: SourceListing | Error;

  constructor(listing: SourceListing | Error) {
    this.listing = listing;
  }

  read(): Promise<SourceListing> {
    return this.listing instanceof Error ? Promise.reject(this.listing) : Promise.resolve(this.listing);
  }

  signOut(): Promise<void> {
    this.signedOut += 1;
    return Promise.resolve();
  }
}

export class Stage {
  readonly clock = new FakeClock();
  readonly host = new MemoryHost();
  readonly source: MemorySource;
  readonly group: MemoryGroup;
  readonly #rest: Partial<Parts>;

  constructor({
    listing,
    held = { traits: variableGroupTraits, exists: false, description: '', variables: [] },
    ...rest
  }: Partial<Parts> & { listing: SourceListing | Error; held?: CurrentDestination }) {
    this.source = new MemorySource(listing);
    this.group = new MemoryGroup(held, this.clock);
    this.#rest = rest;
  }

  run(config: Config): Promise<Report> {
    const { source, host, clock, group: store } = this;
    const parts = { source, host, clock, store, prints: somePrints, reason: 'Manual', warnings: [] };
    return run(config, { ...parts, ...this.#rest });
  }
}
