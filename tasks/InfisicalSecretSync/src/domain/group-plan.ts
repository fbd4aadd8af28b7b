import type { DesiredVariable } from './desired.js';
import { markedDescription, marksIn, unmarkedDescription } from './mark.js';
import { planRemove, planSync, type Change, type CurrentVariable } from './plan.js';
import type { SyncSettings } from './settings.js';

/** A variable group as it is; one that does not exist has no variables and no description. */
export interface CurrentGroup {
  exists: boolean;
  description: string;
  variables: readonly CurrentVariable[];
}

/** The whole truth about what will be done to a group: applying decides nothing any more. */
export interface GroupPlan {
  changes: Change[];
  description: string;
  /** What has to be sent: nothing, the whole group, or its deletion because nothing would be left in it. */
  write: 'nothing' | 'create' | 'update' | 'deleteGroup';
}

export interface Desired {
  variables: readonly DesiredVariable[];
  /** The names that the source's secrets have in the destination: what `remove` takes out. */
  names: readonly string[];
  /** See PlanPolicy. */
  sourceMayBeIncomplete: boolean;
}

/** Says what a sync or a removal would do to a group. Changes nothing. */
export function planGroup(settings: SyncSettings, desired: Desired, current: CurrentGroup): GroupPlan {
  return settings.action === 'remove'
    ? planGroupRemoval(settings, desired, current)
    : planGroupSync(settings, desired, current);
}

/** Whether no sync of this name has written the group yet. */
export function isFirstSync(settings: SyncSettings, current: CurrentGroup): boolean {
  return !marksIn(current.description).includes(settings.syncName);
}

function planGroupSync(settings: SyncSettings, desired: Desired, current: CurrentGroup): GroupPlan {
  const changes = planSync(desired.variables, current.variables, {
    keySchema: settings.keySchema,
    disableSecretDeletion: settings.disableSecretDeletion,
    sourceMayBeIncomplete: desired.sourceMayBeIncomplete,
  });
  const description = markedDescription(current.description, settings.syncName, settings.syncDescription);
  if (!current.exists) return { changes, description, write: changes.length === 0 ? 'nothing' : 'create' };
  const same = description === current.description && changes.every(({ kind }) => kind === 'keep');
  return { changes, description, write: same ? 'nothing' : 'update' };
}

function planGroupRemoval(settings: SyncSettings, desired: Desired, current: CurrentGroup): GroupPlan {
  const changes = planRemove(desired.names, current.variables, settings.keySchema);
  const namesNothing = desired.names.length === 0 && !settings.keySchema.narrows;
  if (!current.exists || namesNothing) return { changes, description: current.description, write: 'nothing' };
  const description = unmarkedDescription(current.description, settings.syncName);
  const nothingLeft = changes.every(({ kind }) => kind === 'delete');
  return { changes, description, write: nothingLeft ? 'deleteGroup' : 'update' };
}
