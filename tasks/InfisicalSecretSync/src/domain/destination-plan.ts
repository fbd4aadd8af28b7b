import type { DesiredVariable } from './desired.js';
import {
  isSameMark,
  markedDescription,
  marksIn,
  ownMark,
  unmarkedDescription,
  type FoundMark,
} from './mark.js';
import { ownership, type Owner } from './ownership.js';
import { planNotices } from './plan-notices.js';
import { planRemove, planSync, type Change, type CurrentVariable, type PlanPolicy } from './plan.js';
import { withoutRecord } from './record/line.js';
import { recorded } from './record/planning.js';
import type { Recording, RecordPlace } from './record/record.js';
import type { SyncSettings } from './settings.js';

/** In what one kind of destination differs from another, as far as planning and guard go. */
export interface Traits {
  /**
   * Whether it can carry the mark of a sync. Only what does can belong to one as a whole; elsewhere nothing is known
   * to be a sync's but the names that its source gives.
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
  /** What a record is held against; a destination that carries no marks carries no record. */
  place?: RecordPlace;
}

/** A variable to which other syncs have a claim. */
export interface ClaimedVariable {
  name: string;
  marks: readonly FoundMark[];
}

/** The whole truth about what will be done to a destination: applying decides nothing any more. */
export interface DestinationPlan {
  /** Whether the destination is there already. */
  exists: boolean;
  changes: Change[];
  description: string;
  /** What has to be sent: nothing, the whole destination, or its deletion because nothing would be left in it. */
  write: 'nothing' | 'create' | 'update' | 'delete';
  /** How many variables there are that this sync could take away: what its deletions are measured by. */
  inScope: number;
  /** What the source gives although it belongs to another sync: nothing is written then. */
  clashes: readonly ClaimedVariable[];
  /** What stays because it may be another sync's as well. */
  open: readonly ClaimedVariable[];
  /** What a person should know beside the changes. */
  notices: readonly string[];
}

export interface Desired {
  variables: readonly DesiredVariable[];
  /** The names that the source's secrets have in the destination: what `remove` takes out. */
  names: readonly string[];
  /** See PlanPolicy. */
  untagged?: readonly string[];
  /** See PlanPolicy. */
  sourceMayBeIncomplete: boolean;
  /** What records are made with; none where there is no key, or nobody wants one. */
  recording?: Recording;
}

/** Says what a sync or a removal would do to a destination. Changes nothing. */
export function planDestination(
  settings: SyncSettings,
  desired: Desired,
  current: CurrentDestination,
): DestinationPlan {
  const whose = ownership({
    own: ownMark(settings),
    names: desired.names,
    description: current.description,
    carriesMarks: current.traits.carriesMarks,
  });
  const write = settings.action === 'remove' ? planRemovalFrom : planSyncInto;
  const { exists } = current;
  const writing = write(settings, desired, { ...current, whose });
  const plan = { exists, ...writing, ...claims(desired, current, whose) };
  return { ...plan, notices: planNotices(plan, settings, current) };
}

/** Whether no mark shows that this sync has written the destination before, although one could. */
export function isFirstSync(settings: SyncSettings, current: CurrentDestination): boolean {
  if (!current.traits.carriesMarks) return false;
  return !marksIn(current.description).some((found) => isSameMark(found, ownMark(settings)));
}

type OwnedDestination = CurrentDestination & { whose: (name: string) => Owner };
type Writing = Pick<DestinationPlan, 'changes' | 'description' | 'write'>;

function planSyncInto(settings: SyncSettings, desired: Desired, current: OwnedDestination): Writing {
  const plan = (compare: PlanPolicy['compare']): Change[] =>
    planSync(desired.variables, current.variables, {
      keySchema: settings.keySchema,
      whose: current.whose,
      disableSecretDeletion: settings.disableSecretDeletion,
      sourceMayBeIncomplete: desired.sourceMayBeIncomplete,
      untagged: desired.untagged,
      ...(compare === undefined ? {} : { compare }),
    });
  const unrecorded = withoutRecord(current.description, settings.syncName);
  const marked = current.traits.carriesMarks
    ? markedDescription(unrecorded, ownMark(settings), settings.syncDescription)
    : current.description;
  const { changes, description } = recorded({ plan, marked }, { settings, desired, current });
  if (!current.exists) return { changes, description, write: changes.length === 0 ? 'nothing' : 'create' };
  const same = description === current.description && changes.every(({ kind }) => kind === 'keep');
  return { changes, description, write: same ? 'nothing' : 'update' };
}

/** The mark goes with what it covers; where nothing of it is found, nothing is given up. */
function planRemovalFrom(settings: SyncSettings, desired: Desired, current: OwnedDestination): Writing {
  const { carriesMarks, canBeEmpty } = current.traits;
  const changes = planRemove(desired.names, current.variables, {
    keySchema: settings.keySchema,
    whose: current.whose,
    // What carries marks and not this one is not written at all: the guard refuses.
    takesUnproven: carriesMarks || settings.overwriteOnFirstSync,
  });
  if (changes.every(({ kind }) => kind === 'keep'))
    return { changes, description: current.description, write: 'nothing' };
  const nothingLeft = changes.every(({ kind }) => kind === 'delete');
  return {
    changes,
    description: unmarkedDescription(
      withoutRecord(current.description, settings.syncName),
      ownMark(settings),
    ),
    write: nothingLeft && !canBeEmpty ? 'delete' : 'update',
  };
}

function claims(
  { names }: Desired,
  { variables }: CurrentDestination,
  whose: (name: string) => Owner,
): Pick<DestinationPlan, 'inScope' | 'clashes' | 'open'> {
  const owned = variables.map(({ name }) => ({ name, ...whose(name) }));
  return {
    inScope: owned.filter((one) => one.whose === 'ours' || one.whose === 'unproven').length,
    clashes: names
      .map((name) => ({ name, ...whose(name) }))
      .filter((one) => one.whose === 'theirs')
      .map(({ name, marks }) => ({ name, marks })),
    open: owned.filter((one) => one.whose === 'open').map(({ name, marks }) => ({ name, marks })),
  };
}

/**
 * Whether two reads found the same. The time of change alone does not tell: Azure DevOps keeps it in steps of 1/300 s,
 * and two writes may share one.
 */
export function isSameDestination(one: CurrentDestination, other: CurrentDestination): boolean {
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
