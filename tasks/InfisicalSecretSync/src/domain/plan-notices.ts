import type { CurrentDestination, DestinationPlan } from './destination-plan.js';
import { isSameMark, marksIn, ownMark, syncsOf } from './mark.js';
import { otherMarks } from './ownership.js';
import type { SyncSettings } from './settings.js';
import { counted, quotedList } from './text.js';

type Planned = Omit<DestinationPlan, 'notices'>;

/** What a person should know about a plan, beside its changes. */
export function planNotices(plan: Planned, settings: SyncSettings, current: CurrentDestination): string[] {
  if (!current.exists) return settings.action === 'remove' ? [groupIsMissing] : [];
  return [
    ...(plan.write === 'delete' ? [groupGoes] : []),
    ...staysOpen(plan, settings),
    ...nothingRemoved(plan, settings, current),
    ...staysUnknown(plan),
    ...earlierSchemas(settings, current),
  ];
}

/** Said before it is done, too: nothing brings it back. */
export const groupGoes =
  'This removal leaves no variable, so it also deletes the variable group itself, with its description, its roles and its pipeline permissions. Pipelines that use the group cannot start any more.';

/** Azure DevOps lists only what the identity may see. */
const groupIsMissing =
  'If you expected the variable group, check variableGroup and azureDevOpsProject, and whether this pipeline may see the group.';

function staysOpen(plan: Planned, settings: SyncSettings): string[] {
  if (plan.open.length === 0) return [];
  const names = plan.open.map(({ name }) => name);
  const deed = settings.action === 'remove' ? 'removed' : 'deleted';
  return [
    `${counted(names.length, 'variable')} not ${deed}, because ${names.length === 1 ? 'it' : 'they'} may belong to another sync, ${syncsOf(plan.open.flatMap(({ marks }) => marks))}: ${quotedList(names)}. ` +
      'Give each sync its own keySchema. If a mark in the group’s description does not say what its sync owns, the next run of that sync completes it. If that sync no longer exists, delete its line from the description.',
  ];
}

function nothingRemoved(plan: Planned, settings: SyncSettings, current: CurrentDestination): string[] {
  if (settings.action !== 'remove' || plan.write !== 'nothing' || current.variables.length === 0) return [];
  const isMarked = marksIn(current.description).some((found) => isSameMark(found, ownMark(settings)));
  return [
    `No variable is known to belong to this sync, so nothing was removed${isMarked ? ', and the mark of the sync stays' : ''}. If you expected a removal, check keySchema, environment and secretPath.`,
  ];
}

function staysUnknown(plan: Planned): string[] {
  const names = plan.changes
    .filter(({ because }) => because === 'not known to belong to this sync')
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `${counted(names.length, 'variable')} not removed, although the key schema matches: ${quotedList(names)}. Infisical has no such secret, and a pipeline does not show which sync wrote a variable. To remove ${names.length === 1 ? 'it' : 'them'} as well, set initialSyncBehavior to overwriteDestination.`,
  ];
}

/** A changed key schema leaves behind what the one before has written. */
function earlierSchemas(settings: SyncSettings, current: CurrentDestination): string[] {
  const earlier = otherMarks(current.description, ownMark(settings)).filter(
    ({ syncName }) => syncName === settings.syncName,
  );
  if (earlier.length === 0) return [];
  return [
    `The group also has the mark of this sync with another key schema, ${syncsOf(earlier)}. What was written with that key schema stays. To delete it, run action remove with that keySchema. If two syncs have the same name, give each its own syncName.`,
  ];
}
