import type { CurrentDestination, Desired } from '#task/domain/destination-plan.js';
import type { SyncSettings } from '#task/domain/settings.js';
import { converge } from '#task/sync/converge.js';
import type { Converged } from '#task/sync/rounds.js';
import type { WriteState } from '#task/sync/write-state.js';
import { aGroup, plainVariable, settings, unwatched, wanted } from './builders.js';
import type { FakeClock } from './fake-clock.js';
import { MemoryGroup } from './in-process.js';

export interface Given {
  group: MemoryGroup;
  clock: FakeClock;
  settings?: Partial<SyncSettings>;
  desired?: Partial<Desired>;
  /** How long planning takes. */
  ageMs?: number;
}

/** Converges from what the group holds, and says what was told meanwhile. */
export async function play(given: Given): Promise<Converged & { states: WriteState[]; shown: number }> {
  const { group, clock, ageMs = 0 } = given;
  const states: WriteState[] = [];
  let shown = 0;
  const variables = given.desired?.variables ?? [plain('A', 'new')];
  const converged = await converge(await group.read(), {
    settings: settings(given.settings),
    desired: {
      variables,
      names: variables.map(({ name }) => name),
      sourceMayBeIncomplete: false,
      ...given.desired,
    },
    store: group,
    clock,
    ...unwatched,
    show: () => {
      shown += 1;
      clock.now += ageMs;
    },
    stateIs: (state) => states.push(state),
  });
  return { ...converged, states, shown };
}

export const plain = (name: string, value: string) => wanted(name, value, false);
/** What the writes of a round were to do. */
export const kinds = (group: MemoryGroup, round: number): string[] =>
  (group.plans[round]?.changes ?? []).map(({ kind, name }) => `${kind} ${name}`);
export const withVariable =
  (name: string) =>
  (held: CurrentDestination): CurrentDestination => ({
    ...held,
    variables: [...held.variables, plainVariable(name)],
  });
export const without =
  (name: string) =>
  (held: CurrentDestination): CurrentDestination => ({
    ...held,
    variables: held.variables.filter((variable) => variable.name !== name),
  });

/** A group whose variable A is to get another value. */
export function outdated(clock: FakeClock, rest: Partial<CurrentDestination> = {}): MemoryGroup {
  return new MemoryGroup(aGroup([plainVariable('A', 'old')], rest), clock);
}

export const withValue =
  (name: string, value: string) =>
  (held: CurrentDestination): CurrentDestination => ({
    ...held,
    variables: held.variables.map((variable) =>
      variable.name === name ? plainVariable(name, value) : variable,
    ),
  });
