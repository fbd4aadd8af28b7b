import type { CurrentDestination, DestinationPlan } from './destination-plan.js';
import { markText, ownMark, type FoundMark } from './mark.js';
import { otherMarks } from './ownership.js';
import type { SyncSettings } from './settings.js';
import { counted, quotedList } from './text.js';

type Planned = Omit<DestinationPlan, 'notices'>;

/** What a person should know about a plan, beside its changes. */
export function planNotices(plan: Planned, settings: SyncSettings, current: CurrentDestination): string[] {
  if (!current.exists) return [];
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
  'Nothing is left in the variable group, so the group itself is deleted, with its roles and its pipeline permissions. Pipelines that name it cannot start without it.';

function staysOpen(plan: Planned, settings: SyncSettings): string[] {
  if (plan.open.length === 0) return [];
  const names = plan.open.map(({ name }) => name);
  const deed = settings.action === 'remove' ? 'removed' : 'deleted';
  return [
    `${counted(names.length, 'variable')} (${quotedList(names)}) ${names.length === 1 ? 'was' : 'were'} not ${deed}, because the marks of other syncs may cover ${names.length === 1 ? 'it' : 'them'} as well: ${marksOf(plan.open.flatMap(({ marks }) => marks))}. ` +
      'Give each sync a keySchema of its own. A mark that does not say what it owns is completed by the next run of its sync; if that sync is gone, delete its line from the group’s description.',
  ];
}

function nothingRemoved(plan: Planned, settings: SyncSettings, current: CurrentDestination): string[] {
  if (settings.action !== 'remove' || plan.write !== 'nothing' || current.variables.length === 0) return [];
  return [
    `Nothing there is known to be this sync’s, so nothing was removed${current.traits.carriesMarks ? ' and its mark, if there is one, stays' : ''}. Check keySchema, environment and secretPath if you expected something else.`,
  ];
}

function staysUnknown(plan: Planned): string[] {
  const names = plan.changes
    .filter(({ because }) => because === 'not known to be this sync’s')
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `${counted(names.length, 'variable')} (${quotedList(names)}) ${names.length === 1 ? 'matches' : 'match'} the key schema and ${names.length === 1 ? 'is' : 'are'} not in Infisical. A pipeline does not show which sync wrote a variable, so they stay; to remove them as well, set initialSyncBehavior to overwriteDestination.`,
  ];
}

/** A changed key schema leaves behind what the one before has written. */
function earlierSchemas(settings: SyncSettings, current: CurrentDestination): string[] {
  const earlier = otherMarks(current.description, ownMark(settings)).filter(
    ({ syncName }) => syncName === settings.syncName,
  );
  if (earlier.length === 0) return [];
  return [
    `The group also carries the mark of this sync with another key schema: ${marksOf(earlier)}. What was written with it stays. To take it out, run action remove with that keySchema; if two syncs share the name, give each a syncName.`,
  ];
}

function marksOf(marks: readonly FoundMark[]): string {
  return quotedList([...new Set(marks.map(markText))]);
}
