import type { DesiredVariable } from './desired.js';
import {
  isSameMark,
  isUnfinished,
  markedDescription,
  marksIn,
  unmarkedDescription,
  type FoundMark,
  type Mark,
} from './mark.js';
import { planRemove, planSync, type Change, type CurrentVariable } from './plan.js';
import type { SyncSettings } from './settings.js';

/** In what one kind of destination differs from another, as far as planning and guard go. */
export interface Traits {
  /**
   * Whether it can carry the mark of a sync. Only what does can belong to one as a whole; elsewhere nothing is a
   * sync's but the names it has now and those that match a key schema.
   */
  carriesMarks: boolean;
  /** Whether it may be left without a variable. */
  canBeEmpty: boolean;
}

export const variableGroupTraits: Traits = { carriesMarks: true, canBeEmpty: false };
export const pipelineTraits: Traits = { carriesMarks: false, canBeEmpty: true };

/** A destination as it is; one that does not exist has no variables and no description. */
export interface CurrentDestination {
  traits: Traits;
  exists: boolean;
  /** Where marks are; empty for a destination that carries none. */
  description: string;
  variables: readonly CurrentVariable[];
}

/** The whole truth about what will be done to a destination: applying decides nothing any more. */
export interface DestinationPlan {
  changes: Change[];
  description: string;
  /** What has to be sent: nothing, the whole destination, or its deletion because nothing would be left in it. */
  write: 'nothing' | 'create' | 'update' | 'delete';
}

export interface Desired {
  variables: readonly DesiredVariable[];
  /** The names that the source's secrets have in the destination: what `remove` takes out. */
  names: readonly string[];
  /** See PlanPolicy. */
  sourceMayBeIncomplete: boolean;
}

/** Says what a sync or a removal would do to a destination. Changes nothing. */
export function planDestination(
  settings: SyncSettings,
  desired: Desired,
  current: CurrentDestination,
): DestinationPlan {
  return settings.action === 'remove'
    ? planRemovalFrom(settings, desired, current)
    : planSyncInto(settings, desired, current);
}

/** Whether no sync of this name has written the destination yet, as far as a mark could tell. */
export function isFirstSync(settings: SyncSettings, current: CurrentDestination): boolean {
  if (!current.traits.carriesMarks) return false;
  return !marksIn(current.description).some((found) => isSameMark(found, ownMark(settings)));
}

/** The mark that this sync leaves. */
function ownMark({ syncName, keySchema }: SyncSettings): Mark {
  return { syncName, pattern: keySchema.pattern };
}

/** The marks of a description that are not this sync’s. */
export function otherMarks(settings: SyncSettings, description: string): FoundMark[] {
  const own = ownMark(settings);
  return marksIn(description).filter((found) => !isSameMark(found, own) && !isUnfinished(found, own));
}

function planSyncInto(
  settings: SyncSettings,
  desired: Desired,
  current: CurrentDestination,
): DestinationPlan {
  const { carriesMarks } = current.traits;
  const changes = planSync(desired.variables, current.variables, {
    keySchema: settings.keySchema,
    disableSecretDeletion: settings.disableSecretDeletion,
    sourceMayBeIncomplete: desired.sourceMayBeIncomplete,
    ownsWhole: carriesMarks,
  });
  const description = carriesMarks
    ? markedDescription(current.description, ownMark(settings), settings.syncDescription)
    : current.description;
  if (!current.exists) return { changes, description, write: changes.length === 0 ? 'nothing' : 'create' };
  const same = description === current.description && changes.every(({ kind }) => kind === 'keep');
  return { changes, description, write: same ? 'nothing' : 'update' };
}

function planRemovalFrom(
  settings: SyncSettings,
  desired: Desired,
  current: CurrentDestination,
): DestinationPlan {
  const changes = planRemove(desired.names, current.variables, settings.keySchema);
  const namesNothing = desired.names.length === 0 && !settings.keySchema.narrows;
  if (!current.exists || namesNothing) return { changes, description: current.description, write: 'nothing' };
  const description = isFirstSync(settings, current)
    ? current.description
    : unmarkedDescription(current.description, ownMark(settings));
  if (description === current.description && changes.every(({ kind }) => kind === 'keep'))
    return { changes, description, write: 'nothing' };
  const nothingLeft = changes.every(({ kind }) => kind === 'delete');
  return { changes, description, write: nothingLeft && !current.traits.canBeEmpty ? 'delete' : 'update' };
}

/**
 * Whether two reads found the same. The time of change alone does not tell: Azure DevOps keeps it in steps of 1/300 s,
 * and two writes may share one.
 */
export function isSameDestination(one: CurrentDestination, other: CurrentDestination): boolean {
  if (one === other) return true;
  const before = new Map(one.variables.map((variable) => [variable.name, variable]));
  return (
    one.exists === other.exists &&
    one.description === other.description &&
    before.size === other.variables.length &&
    other.variables.every((variable) => isSameVariable(before.get(variable.name), variable))
  );
}

function isSameVariable(one: CurrentVariable | undefined, other: CurrentVariable): boolean {
  if (one === undefined) return false;
  if (one.isSecret || other.isSecret) return one.isSecret && other.isSecret;
  return one.value.equals(other.value);
}
