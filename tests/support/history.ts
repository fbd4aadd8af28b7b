import { isFirstSync, planDestination, variableGroupTraits } from '#task/domain/destination-plan.js';
import type { CurrentDestination, DestinationPlan } from '#task/domain/destination-plan.js';
import { UnsafePlanError } from '#task/domain/errors.js';
import { refuseIfUnsafe } from '#task/domain/guard.js';
import { parseKeySchema } from '#task/domain/key-schema.js';
import { comparableMarks, markText, ownMark } from '#task/domain/mark.js';
import type { SyncSettings } from '#task/domain/settings.js';
import { madeSyncName } from '#task/domain/sync-name.js';
import { noGroup, plainVariable, settings, wanted } from './builders.js';

/** One sync of a history: where its secrets come from, how their names are formed, and what they are now. */
export interface ModelSync {
  project: string;
  environment: string;
  secretPath: string;
  schema: string;
  /** Keys of the source; a value is the sync's number and the round in which it was set. */
  secrets: Map<string, string>;
}

export interface Ran {
  before: CurrentDestination;
  after: CurrentDestination;
  /** The mark of the sync, as it is compared. */
  mark: string;
  refused: boolean;
  plan: DestinationPlan;
}

export function settingsOf(sync: ModelSync, rest: Partial<SyncSettings> = {}): SyncSettings {
  return settings({
    syncName: madeSyncName(sync),
    keySchema: parseKeySchema(sync.schema).in(sync.environment),
    maxDeletions: -1,
    ...rest,
  });
}

/** The names that a sync gives, with their values. */
export function givenBy(sync: ModelSync): Map<string, string> {
  const { keySchema } = settingsOf(sync);
  return new Map([...sync.secrets].map(([key, value]) => [keySchema.nameFor(key), value]));
}

/** One run on a group that does what it is told. */
export function runOnce(sync: ModelSync, group: CurrentDestination, rest: Partial<SyncSettings> = {}): Ran {
  const chosen = settingsOf(sync, rest);
  const variables = [...givenBy(sync)].map(([name, value]) => wanted(name, value, false));
  const names = variables.map(({ name }) => name);
  const plan = planDestination(chosen, { variables, names, sourceMayBeIncomplete: false }, group);
  const ran = { before: group, mark: comparableMark(chosen), plan };
  try {
    const firstSync = isFirstSync(chosen, group);
    refuseIfUnsafe({ plan, settings: chosen, current: group, destination: 'the group', firstSync });
  } catch (error) {
    if (!(error instanceof UnsafePlanError)) throw error;
    return { ...ran, after: group, refused: true };
  }
  return { ...ran, after: applied(plan, group), refused: false };
}

export function valuesIn(group: CurrentDestination): Map<string, string> {
  return new Map(
    group.variables.map((variable) => [variable.name, variable.isSecret ? '' : variable.value.reveal()]),
  );
}

export function isMarked(group: CurrentDestination, mark: string): boolean {
  return comparableMarks(group.description).includes(mark);
}

function comparableMark(chosen: SyncSettings): string {
  return markText(ownMark(chosen)).toLowerCase();
}

function applied(plan: DestinationPlan, group: CurrentDestination): CurrentDestination {
  if (plan.write === 'nothing') return group;
  if (plan.write === 'delete') return noGroup;
  const before = valuesIn(group);
  const variables = plan.changes.flatMap((change) => {
    if (change.kind === 'delete') return [];
    const value = 'to' in change ? change.to.value.reveal() : (before.get(change.name) ?? '');
    return [plainVariable(change.name, value)];
  });
  return { traits: variableGroupTraits, exists: true, description: plan.description, variables };
}
