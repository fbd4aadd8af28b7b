import { recordMac } from '#task/adapters/infisical/record-key.js';
import type { DesiredVariable } from '#task/domain/desired.js';
import { planDestination, type CurrentDestination, type Desired } from '#task/domain/destination-plan.js';
import type { CurrentVariable } from '#task/domain/plan.js';
import type { Recording, RecordPlace } from '#task/domain/record/record.js';
import { SecretValue } from '#task/domain/secret-value.js';
import type { SyncSettings } from '#task/domain/settings.js';
import { aGroup, settings } from './builders.js';

const writtenAtMs = Date.UTC(2026, 10, 24, 12, 0, 0);

export function aRecording(secret = 'the client secret', options: readonly string[] = []): Recording {
  return { mac: recordMac(new SecretValue(secret), 'shop'), options };
}

export function aPlace(rest: Partial<RecordPlace> = {}): RecordPlace {
  return { name: 'web', id: 7, changedAtMs: writtenAtMs - 60_000, answeredAtMs: writtenAtMs, ...rest };
}

export function desiring(variables: DesiredVariable[], recording = aRecording()): Desired {
  return { variables, names: variables.map(({ name }) => name), sourceMayBeIncomplete: false, recording };
}

/** What a group is after a sync has written it, 700 ms after the service gave its last answer. */
export function written(
  variables: DesiredVariable[],
  given: {
    before?: CurrentDestination;
    settings?: Partial<SyncSettings>;
    recording?: Recording;
    place?: Partial<RecordPlace>;
  } = {},
): CurrentDestination {
  const before = given.before ?? aGroup([], { place: aPlace() });
  const { changes, description } = planDestination(
    settings(given.settings),
    desiring(variables, given.recording),
    before,
  );
  const kept = new Map(before.variables.map((variable) => [variable.name, variable]));
  return {
    ...before,
    exists: true,
    description,
    variables: changes.flatMap((change): CurrentVariable[] => {
      const { name } = change;
      if ('to' in change)
        return [
          change.to.isSecret ? { name, isSecret: true } : { name, isSecret: false, value: change.to.value },
        ];
      const old = kept.get(name);
      return change.kind === 'delete' || old === undefined ? [] : [old];
    }),
    place: aPlace({ changedAtMs: writtenAtMs + 700, ...given.place }),
  };
}
