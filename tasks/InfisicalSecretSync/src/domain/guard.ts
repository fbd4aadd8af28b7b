import { UnsafePlanError } from './errors.js';
import type { CurrentDestination, DestinationPlan } from './destination-plan.js';
import { isUnfinished, markText, marksIn, ownMark, syncsOf, type FoundMark } from './mark.js';
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
 * Refuses unexpected deletions, before anything is written.
 * @throws UnsafePlanError with the names, the numbers and the input that allows it.
 */
export function refuseIfUnsafe(guarded: GuardedPlan): void {
  if (!guarded.current.exists) return;
  if (guarded.settings.action === 'remove') {
    refuseUnsafeRemoval(guarded);
    return;
  }
  refuseOthersGroup(guarded);
  refuseClashes(guarded);
  refuseEmptying(guarded);
  if (guarded.firstSync) refuseFirstSync(guarded);
  if (!guarded.current.traits.carriesMarks) refuseUnknownOnPipeline(guarded);
  if (!(guarded.firstSync && guarded.settings.overwriteOnFirstSync)) refuseManyDeletions(guarded);
}

function refuseUnsafeRemoval(guarded: GuardedPlan): void {
  const { plan, settings, current, destination, firstSync } = guarded;
  // So ends a removal that is run again.
  if (plan.write === 'nothing') return;
  if (firstSync)
    throw new UnsafePlanError(
      `${capitalized(destination)} has no mark of sync ${quoted(settings.syncName)}, so it is not known which of its variables belong to this sync, and none was removed. ${wayToMark(settings, current)}`,
    );
  if (plan.write === 'delete') refuseTakingOthersAlong(guarded);
}

/** Without variables a group can't stay, and a mark says that another sync still counts on it, with its permissions. */
function refuseTakingOthersAlong({ settings, current, destination }: GuardedPlan): void {
  const others = otherMarks(current.description, ownMark(settings));
  if (others.length === 0) return;
  throw new UnsafePlanError(
    `This removal would leave no variable in ${destination}. Azure DevOps keeps no variable group without variables, so the whole group would be deleted, although its description also has the mark of ${syncsWord(others)} ${syncsOf(others)}. ` +
      'If no other sync needs the group, delete that line from the description, or delete the group by hand. Otherwise run the other sync first, so that its variables are in the group.',
  );
}

function wayToMark(settings: SyncSettings, current: CurrentDestination): string {
  const found = marksIn(current.description);
  const own = ownMark(settings);
  if (found.some((mark) => isUnfinished(mark, own)))
    return `The mark of ${quoted(own.syncName)} does not say which names the sync owns, because an earlier version of this task wrote it. Run action sync once with the same inputs to complete it, or write the line [infisical-sync: ${markText(own)}] into the description.`;
  const earlier = earlierMarks(current, settings);
  if (found.some(({ syncName }) => syncName === own.syncName))
    return `${earlier} Set keySchema to that key schema.`.trim();
  return `The name of a sync is made from infisicalProject, environment and secretPath. Check these inputs, or set syncName to the name that the sync had. If somebody deleted the mark, run action sync once to restore it, or delete the variables by hand.${earlier}`;
}

function refuseOthersGroup({ settings, current, destination }: GuardedPlan): void {
  const others = otherMarks(current.description, ownMark(settings));
  if (settings.keySchema.narrows || others.length === 0) return;
  const isOwnToo = others.some(({ syncName }) => syncName === settings.syncName);
  throw new UnsafePlanError(
    `${capitalized(destination)} belongs to ${syncsWord(others)} ${syncsOf(others)}; this is sync ${quoted(settings.syncName)}, which has no key schema and so owns the whole group. ` +
      'Give each sync its own group, or set keySchema. If it is the same sync under an earlier name (the name is made from project, environment and path), set syncName to that name. ' +
      `If the other sync no longer exists, delete its line from the group’s description.${isOwnToo ? ' To stop using a keySchema, run action remove with it first.' : ''}`,
  );
}

/** Two syncs that write one variable would overwrite each other for ever. */
function refuseClashes({ plan, destination }: GuardedPlan): void {
  if (plan.clashes.length === 0) return;
  const marks = plan.clashes.flatMap((clash) => clash.marks);
  throw new UnsafePlanError(
    `This sync would write ${counted(plan.clashes.length, 'variable')} in ${destination} that ${plan.clashes.length === 1 ? 'belongs' : 'belong'} to another sync with a narrower key schema, ${syncsOf(marks)}: ${quotedList(plan.clashes.map(({ name }) => name))}. ` +
      'Rename the secrets in Infisical, leave them out with tags, or use another keySchema or another group. If the other sync no longer exists, delete its line from the group’s description.',
  );
}

function refuseEmptying({ plan, settings, current, destination }: GuardedPlan): void {
  const left = current.traits.canBeEmpty || plan.changes.some(({ kind }) => kind !== 'delete');
  if (left) return;
  // Without a key schema a removal takes out what the source gives, which is nothing here.
  const way = settings.keySchema.narrows ? 'use action remove, or delete it by hand' : 'delete it by hand';
  throw new UnsafePlanError(
    `This sync would leave no variable in ${destination}, and Azure DevOps keeps no variable group without variables. ` +
      `Check the secrets in Infisical. If you no longer need the group, ${way}.`,
  );
}

function refuseFirstSync({ plan, settings, current, destination }: GuardedPlan): void {
  const lost = plan.changes.filter(takesAway).map(({ name }) => name);
  if (lost.length === 0 || isDecided(settings)) return;
  const narrower = settings.keySchema.narrows ? '' : ', or set keySchema';
  throw new UnsafePlanError(
    `This is the first sync ${quoted(settings.syncName)} into ${destination}, which already exists. It would delete or empty ${String(lost.length)} of ${counted(current.variables.length, 'variable')}: ${quotedList(lost)}. ` +
      `Nothing shows that this sync has written ${lost.length === 1 ? 'it' : 'them'}. To keep what is not in Infisical, set disableSecretDeletion to true${narrower}. To delete it, set initialSyncBehavior to overwriteDestination.` +
      earlierMarks(current, settings),
  );
}

/** Nothing there shows who wrote a variable, so this is asked on every run. What the source gives is this sync's. */
function refuseUnknownOnPipeline({ plan, settings, destination }: GuardedPlan): void {
  const lost = plan.changes.filter(({ kind }) => kind === 'delete').map(({ name }) => name);
  if (lost.length === 0 || isDecided(settings)) return;
  throw new UnsafePlanError(
    `This sync would delete ${String(lost.length)} of ${counted(plan.inScope, 'variable')} that its key schema covers in ${destination}: ${quotedList(lost)}. ` +
      'A pipeline does not show which sync wrote a variable. If all variables that the key schema covers belong to this sync, set initialSyncBehavior to overwriteDestination. To keep what is not in Infisical, set disableSecretDeletion to true.',
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
    `This sync would delete or empty ${String(lost.length)} of ${counted(plan.inScope, 'variable')} in ${destination}: ${quotedList(lost)}. The limit is ${String(limit)}. ` +
      `If this is intended, set maxDeletions to ${String(lost.length)}, or to -1 for no limit. If not, check the secrets in Infisical and the role of the machine identity: a secret that it may no longer see looks like a deleted one.`,
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
    syncsOf(others.filter(({ syncName }) => (syncName === settings.syncName) === isSame)),
  );
  return [
    same === '' ? '' : ` The group has the mark of this sync with another key schema: ${same ?? ''}.`,
    foreign === ''
      ? ''
      : ` The group has the mark of ${foreign ?? ''}. If that is an earlier name of this sync, set syncName to it.`,
  ].join('');
}

function syncsWord({ length }: readonly FoundMark[]): string {
  return length === 1 ? 'sync' : 'syncs';
}
