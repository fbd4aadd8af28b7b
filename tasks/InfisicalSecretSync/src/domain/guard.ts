import { UnsafePlanError } from './errors.js';
import type { CurrentDestination, DestinationPlan } from './destination-plan.js';
import { isUnfinished, markText, marksIn, ownMark, type FoundMark } from './mark.js';
import { otherMarks } from './ownership.js';
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
    refuseUnmarkedRemoval(guarded);
    return;
  }
  refuseOthersGroup(guarded);
  refuseClashes(guarded);
  refuseEmptying(guarded);
  if (guarded.firstSync) refuseFirstSync(guarded);
  if (!guarded.current.traits.carriesMarks) refuseUnknownOnPipeline(guarded);
  if (!(guarded.firstSync && guarded.settings.overwriteOnFirstSync)) refuseManyDeletions(guarded);
}

/** Where nothing would be removed there is nothing to refuse: so ends a removal that is run again. */
function refuseUnmarkedRemoval(guarded: GuardedPlan): void {
  const { plan, settings, current, destination, firstSync } = guarded;
  if (plan.write === 'nothing' || !firstSync) return;
  throw new UnsafePlanError(
    `${capitalized(destination)} does not carry the mark of the sync ${quoted(settings.syncName)}, so nothing in it is known to be this sync’s and nothing was removed. ${wayToMark(settings, current)}`,
  );
}

function wayToMark(settings: SyncSettings, current: CurrentDestination): string {
  const found = marksIn(current.description);
  const own = ownMark(settings);
  if (found.some((mark) => isUnfinished(mark, own)))
    return `Its mark ${quoted(own.syncName)} does not say which names it owns, as an earlier version wrote it. Run action sync once with the same inputs, which completes it, or write the line [infisical-sync: ${markText(own)}] into the description.`;
  const earlier = earlierMarks(current, settings);
  if (found.some(({ syncName }) => syncName === own.syncName))
    return `${earlier} Set keySchema to the one that the sync had.`.trim();
  return `The name of a sync follows infisicalProject, environment and secretPath: check these, or set syncName to the name that it had. If somebody took its mark away, run action sync once, which sets it again, or delete the variables by hand.${earlier}`;
}

function refuseOthersGroup({ settings, current, destination }: GuardedPlan): void {
  const others = otherMarks(current.description, ownMark(settings));
  if (settings.keySchema.narrows || others.length === 0) return;
  const isOwnToo = others.some(({ syncName }) => syncName === settings.syncName);
  throw new UnsafePlanError(
    `${capitalized(destination)} carries the mark of ${quotedMarks(others)}. This is the sync ${quoted(settings.syncName)}, and without a key schema the whole group would be its own. ` +
      'Give each sync its own group or a keySchema. If it is this sync under an earlier name (a made name follows project, environment and path), set syncName to that name; ' +
      `if that sync is gone, delete its line from the group’s description.${isOwnToo ? ' To give a keySchema up, run action remove with it first.' : ''}`,
  );
}

/** Two syncs that write one variable would overwrite each other for ever. */
function refuseClashes({ plan, destination }: GuardedPlan): void {
  if (plan.clashes.length === 0) return;
  const marks = uniqueMarks(plan.clashes.flatMap((clash) => clash.marks));
  throw new UnsafePlanError(
    `${counted(plan.clashes.length, 'variable')} in ${destination} that this sync would write (${quotedList(plan.clashes.map(({ name }) => name))}) ${plan.clashes.length === 1 ? 'belongs' : 'belong'} to another sync, whose key schema is narrower: ${quotedMarks(marks)}. ` +
      'Rename the secrets in Infisical, leave them out with tags, or use another keySchema or another group. If that sync is gone, delete its line from the group’s description.',
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
  if (lost.length === 0 || isDecided(settings)) return;
  const narrower = settings.keySchema.narrows ? '' : ' or give a keySchema';
  throw new UnsafePlanError(
    `This is the first sync ${quoted(settings.syncName)} into ${destination}, which exists already, and it would take away ${counted(lost.length, 'variable')} of ${String(current.variables.length)}: ${quotedList(lost)}. ` +
      `Nothing shows that this sync has written ${lost.length === 1 ? 'it' : 'them'}. To keep what is not in Infisical, set disableSecretDeletion to true${narrower}; to let Infisical win, set initialSyncBehavior to overwriteDestination.` +
      earlierMarks(current, settings),
  );
}

/** Nothing there shows who wrote a variable, so this is asked on every run. What the source gives is this sync's. */
function refuseUnknownOnPipeline({ plan, settings, destination }: GuardedPlan): void {
  const lost = plan.changes.filter(({ kind }) => kind === 'delete').map(({ name }) => name);
  if (lost.length === 0 || isDecided(settings)) return;
  throw new UnsafePlanError(
    `This sync would take away ${counted(lost.length, 'variable')} of ${String(plan.inScope)} that match its key schema in ${destination}: ${quotedList(lost)}. ` +
      'A pipeline does not show which sync wrote a variable. If all that match the key schema are this sync’s, set initialSyncBehavior to overwriteDestination; to keep what is not in Infisical, set disableSecretDeletion to true.',
  );
}

function isDecided(settings: SyncSettings): boolean {
  return settings.overwriteOnFirstSync || settings.disableSecretDeletion;
}

function refuseManyDeletions({ plan, settings, destination }: GuardedPlan): void {
  const lost = plan.changes.filter(takesAway).map(({ name }) => name);
  const limit = deletionLimit(settings.maxDeletions, plan.inScope);
  if (lost.length <= limit) return;
  throw new UnsafePlanError(
    `This sync would take away ${String(lost.length)} of ${counted(plan.inScope, 'variable')} in ${destination}: ${quotedList(lost)}. The limit is ${String(limit)}; a variable that is emptied counts as one that is deleted. ` +
      `If this is meant, set maxDeletions to ${String(lost.length)}, or to -1 for no limit; if not, check the source: a right that was taken away from the machine identity looks the same.`,
  );
}

/** At most 10, and above 2 no more than half of what is in scope, unless the person gave a number. */
function deletionLimit(maxDeletions: number | undefined, inScope: number): number {
  if (maxDeletions === -1) return Infinity;
  return maxDeletions ?? Math.min(10, Math.max(2, Math.floor(inScope / 2)));
}

/** Another mark may be this sync's under the name or the key schema that it had. */
function earlierMarks(current: CurrentDestination, settings: SyncSettings): string {
  const others = otherMarks(current.description, ownMark(settings));
  const [same, foreign] = [true, false].map((isSame) =>
    quotedMarks(others.filter(({ syncName }) => (syncName === settings.syncName) === isSame)),
  );
  return [
    same === '' ? '' : ` The group carries the mark of this sync with another key schema: ${same ?? ''}.`,
    foreign === ''
      ? ''
      : ` The group carries the mark of ${foreign ?? ''}: if that is this sync under an earlier name, set syncName to that name; syncName keeps a name that inputs would change.`,
  ].join('');
}

function uniqueMarks(marks: readonly FoundMark[]): FoundMark[] {
  return [...new Map(marks.map((mark) => [markText(mark), mark])).values()];
}

function quotedMarks(marks: readonly FoundMark[]): string {
  return quotedList(marks.map(markText));
}
