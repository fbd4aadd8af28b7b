import { UnsafePlanError } from './errors.js';
import {
  isFirstSync,
  otherMarks,
  type CurrentDestination,
  type DestinationPlan,
} from './destination-plan.js';
import { markText } from './mark.js';
import { matchesPattern } from './name-pattern.js';
import { takesAway } from './plan.js';
import type { SyncSettings } from './settings.js';
import { capitalized, counted, quoted, quotedList } from './text.js';

export interface GuardedPlan {
  plan: DestinationPlan;
  settings: SyncSettings;
  current: CurrentDestination;
  /** How the messages call the destination: `variable group "web-prod"`. */
  destination: string;
  /** Decided once per run: a rival that takes our mark away half-way does not change what was agreed to. */
  firstSync: boolean;
}

/**
 * Refuses a plan that would lose something that nobody agreed to lose, before anything is written.
 * @throws UnsafePlanError with the names, the numbers and the input that allows it.
 */
export function refuseIfUnsafe(guarded: GuardedPlan): void {
  if (!guarded.current.exists) return;
  if (guarded.settings.action === 'remove') {
    refuseForeignRemoval(guarded);
    return;
  }
  refuseOthersGroup(guarded);
  refuseEmptying(guarded);
  if (guarded.firstSync) refuseFirstSync(guarded);
  if (!(guarded.firstSync && guarded.settings.overwriteOnFirstSync)) refuseManyDeletions(guarded);
}

/** Where nothing would be removed there is nothing to refuse: so ends a removal that is run again. */
function refuseForeignRemoval({ plan, settings, current, destination }: GuardedPlan): void {
  if (plan.write === 'nothing' || !isFirstSync(settings, current)) return;
  throw new UnsafePlanError(
    `${capitalized(destination)} does not carry the mark of the sync ${quoted(settings.syncName)}, so nothing in it is known to be this sync’s and nothing was removed.${otherNames(current, settings)}`,
  );
}

function refuseOthersGroup({ settings, current, destination }: GuardedPlan): void {
  const others = namesOfOthers(current, settings);
  if (settings.keySchema.narrows || others.length === 0) return;
  throw new UnsafePlanError(
    `Without a key schema the whole group belongs to one sync, and ${destination} carries the mark of ${quotedList(others)} beside this sync ${quoted(settings.syncName)}. ` +
      'Give each sync its own group or a keySchema. If it is this sync under an earlier name (the name follows project, environment and path), set syncName to that name; ' +
      'if that sync is gone, delete its line from the group’s description.',
  );
}

function refuseEmptying({ plan, current, destination }: GuardedPlan): void {
  const left = current.traits.canBeEmpty || plan.changes.some(({ kind }) => kind !== 'delete');
  if (left) return;
  throw new UnsafePlanError(
    `Nothing would be left in ${destination}, and Azure DevOps keeps no variable group without variables. ` +
      'Check the source; to give the group up, use action remove, or delete it by hand.',
  );
}

function refuseFirstSync({ plan, settings, current, destination }: GuardedPlan): void {
  const lost = plan.changes.filter(takesAway).map(({ name }) => name);
  const decided =
    settings.overwriteOnFirstSync || settings.disableSecretDeletion || settings.keySchema.narrows;
  if (lost.length === 0 || decided) return;
  throw new UnsafePlanError(
    `This is the first sync ${quoted(settings.syncName)} into ${destination}, which exists already, and it would take away ${counted(lost.length, 'variable')} of ${String(current.variables.length)}: ${quotedList(lost)}. ` +
      'To keep what is not in Infisical, set disableSecretDeletion to true or give a keySchema; to let Infisical win, set initialSyncBehavior to overwriteDestination.' +
      otherNames(current, settings),
  );
}

function refuseManyDeletions({ plan, settings, current, destination }: GuardedPlan): void {
  const lost = plan.changes.filter(takesAway).map(({ name }) => name);
  const inScope = current.variables.filter(({ name }) =>
    matchesPattern(settings.keySchema.pattern, name),
  ).length;
  const limit = deletionLimit(settings.maxDeletions, inScope);
  if (lost.length <= limit) return;
  throw new UnsafePlanError(
    `This sync would take away ${String(lost.length)} of ${counted(inScope, 'variable')} in ${destination}: ${quotedList(lost)}. The limit is ${String(limit)}. ` +
      `If this is meant, set maxDeletions to ${String(lost.length)}, or to -1 for no limit; if not, check the source.`,
  );
}

/** At most 10, and above 2 no more than half of what is in scope, unless the person gave a number. */
function deletionLimit(maxDeletions: number | undefined, inScope: number): number {
  if (maxDeletions === -1) return Infinity;
  return maxDeletions ?? Math.min(10, Math.max(2, Math.floor(inScope / 2)));
}

function namesOfOthers(current: CurrentDestination, settings: SyncSettings): string[] {
  return otherMarks(settings, current.description).map(markText);
}

function otherNames(current: CurrentDestination, settings: SyncSettings): string {
  const others = namesOfOthers(current, settings);
  if (others.length === 0) return '';
  return ` The group carries the mark of ${quotedList(others)}: if that is this sync under an earlier name, set syncName to it; syncName keeps a name that inputs would change.`;
}
