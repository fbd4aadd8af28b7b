import {
  isFirstSync,
  isSameDestination,
  planDestination,
  type Desired,
  type DestinationPlan,
} from '../domain/destination-plan.js';
import { refuseIfUnsafe } from '../domain/guard.js';
import { ownMark } from '../domain/mark.js';
import { otherMarks } from '../domain/ownership.js';
import { withoutRecords } from '../domain/record/line.js';
import { onlyLooks, type SyncSettings } from '../domain/settings.js';
import { Approval, type Digest } from './approving.js';
import type { Clock, ReadDestination, VariableStore, WriteOutcome } from '../ports.js';
import { Rounds, type Converged } from './rounds.js';
import type { WriteState } from './write-state.js';

/** A destination read longer ago than this is read again before it is written: a group has no lock and no ETag. */
const freshForMs = 1_000;
/**
 * Whoever read a shared group before our write and writes after our read-back takes our variables away, and sees
 * nothing wrong. Longer than any sync takes from its last read to its write, so that one look after it tells.
 */
const secondLookMs = 1_500;

export interface Convergence {
  settings: SyncSettings;
  desired: Desired;
  store: VariableStore;
  clock: Clock;
  /** Called with each plan before the guard looks at it. */
  show(plan: DestinationPlan): void;
  stateIs(state: WriteState): void;
  /** What the digest of a plan is made with. */
  digest: Digest;
}

/** Plans, guards, writes and verifies until the destination is as planned. @throws SyncError when it can't be. */
export async function converge(start: ReadDestination, convergence: Convergence): Promise<Converged> {
  const { settings, desired, store, clock } = convergence;
  const rounds = new Rounds(clock, store.mostRounds);
  const firstSync = isFirstSync(settings, start);
  let current = start;
  let plan = planDestination(settings, desired, current);
  const approval = new Approval(plan, { settings, title: store.title, digest: convergence.digest });
  convergence.show(plan);
  for (;;) {
    refuseIfUnsafe({ plan, settings, current, destination: store.title, firstSync });
    if (plan.write === 'nothing' || onlyLooks(settings.action)) {
      const converged = rounds.converged(plan);
      if (converged.wrote) convergence.stateIs('verified');
      return { ...converged, ...approval.digestOf(plan, current) };
    }
    approval.check(plan, current, rounds.state !== 'nothing written');
    const isShared = mayHaveRivals(plan, settings, firstSync);
    const again = await reread(current, plan, {
      ...convergence,
      isFirstOfShared: isShared && rounds.isFirst,
    });
    clock.stopIfAsked();
    if (isUnchanged(again, current)) {
      // Planned once more, so that the record has the time of this very read.
      if (again !== current) plan = planDestination(settings, desired, believed(again, rounds));
      const outcome = await apply(plan, { ...convergence, isShared, rounds });
      if (outcome.kind === 'verified') return rounds.converged(plan);
      if (outcome.kind === 'refused') throw outcome.because;
      await clock.wait(rounds.pauseMs(outcome, store.title));
      current = await store.read();
    } else {
      rounds.overtaken(store.title);
      current = again;
    }
    plan = planDestination(settings, desired, believed(current, rounds));
  }
}

/** Once something went otherwise than planned, a record is not believed any more: in doubt, write. */
function believed(read: ReadDestination, rounds: Rounds): ReadDestination {
  if (rounds.isFirst || read.place === undefined) return read;
  return { ...read, place: { ...read.place, changedAtMs: undefined } };
}

/** Writes once, and looks whether that holds. */
async function apply(
  plan: DestinationPlan,
  convergence: Convergence & { isShared: boolean; rounds: Rounds },
): Promise<WriteOutcome> {
  const { store, isShared, rounds } = convergence;
  convergence.stateIs(rounds.stateIfCutOff);
  const outcome = await store.write(plan, rounds.unconfirmed + 1);
  rounds.add(plan, outcome);
  convergence.stateIs(rounds.state);
  if (outcome.kind !== 'verified' || !isShared) return outcome;
  const seen = await look(convergence, outcome.version);
  const wasThere = rounds.metInPlace && plan.changes.every(({ kind }) => kind !== 'create');
  if (seen === 'as written' || (seen === 'in place' && wasThere)) return outcome;
  rounds.metInPlace = seen === 'in place';
  const undone = rounds.undone();
  convergence.stateIs(rounds.state);
  return undone;
}

/** Whether other syncs write the same group, as far as their marks and a first sync, whose mark is not there yet, tell. */
function mayHaveRivals(plan: DestinationPlan, settings: SyncSettings, firstSync: boolean): boolean {
  const isOthersToo = firstSync || otherMarks(plan.description, ownMark(settings)).length > 0;
  return settings.keySchema.narrows && isOthersToo;
}

/**
 * What is there when rivals that had read before the write must have written. `in place`: all of it, but somebody has
 * written since. One rival may have taken our secrets away and another, that had read them before, put their names
 * back, without values: Azure DevOps gives none. So they are written once more; whoever writes after that has seen them.
 */
async function look(
  { settings, desired, store, clock }: Convergence,
  version: string | undefined,
): Promise<'as written' | 'in place' | 'gone'> {
  await clock.wait(secondLookMs);
  const now = await store.read();
  const { changes, description } = planDestination(settings, desired, now);
  const asPlanned = changes.every(({ kind }) => kind === 'keep' || kind === 'rewrite');
  if (!asPlanned || withoutRecords(description) !== withoutRecords(now.description)) return 'gone';
  return now.version === version ? 'as written' : 'in place';
}

function isUnchanged(again: ReadDestination, current: ReadDestination): boolean {
  return again.version === current.version && isSameDestination(again, current);
}

/** A deletion of the whole group is never based on an older read: nothing could bring a rival's variable back. */
async function reread(
  current: ReadDestination,
  plan: DestinationPlan,
  { store, clock, isFirstOfShared }: Convergence & { isFirstOfShared: boolean },
): Promise<ReadDestination> {
  if (isFirstOfShared) return store.read();
  const fresh = clock.nowMs() - current.readAtMs <= freshForMs && plan.write !== 'delete';
  return fresh ? current : store.read();
}
