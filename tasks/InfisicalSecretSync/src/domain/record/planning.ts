import type { CurrentDestination, Desired, DestinationPlan } from '../destination-plan.js';
import type { DesiredVariable } from '../desired.js';
import { ownMark } from '../mark.js';
import { otherMarks } from '../ownership.js';
import type { Change } from '../plan.js';
import type { SyncSettings } from '../settings.js';
import { withoutRecord, withRecord } from './line.js';
import { changesByRecord, judgeRecord, newRecord, type Compared, type Doubt } from './record.js';

/** What a sync would do, given what is known of each secret that is there. */
interface Draft {
  plan: (compare: ((want: DesiredVariable) => Compared) | undefined) => Change[];
  /** The description with the mark of this sync and without its record. */
  marked: string;
}

/** What the record that is there makes of the changes, and the description with the one that will be there. */
export function recorded(
  { plan, marked }: Draft,
  { settings, desired, current }: { settings: SyncSettings; desired: Desired; current: CurrentDestination },
): Pick<DestinationPlan, 'changes' | 'description'> {
  const { recording } = desired;
  const { place } = current;
  const { syncName } = settings;
  if (recording === undefined || place === undefined)
    return { changes: plan(undefined), description: marked };
  if (otherMarks(marked, ownMark(settings)).length > 0)
    return { changes: plan(() => 'group shared by several syncs' satisfies Doubt), description: marked };
  const group = { ...current, place };
  const judged = judgeRecord(group, recording, syncName);
  const changes = changesByRecord(judged, plan, { group, recording });
  const isSettled =
    changes.every(({ kind }) => kind === 'keep') && marked === withoutRecord(current.description, syncName);
  // Where nothing has to be written, nothing is written only to have it recorded.
  if (isSettled && current.exists) return { changes, description: current.description };
  const record = newRecord(changes, group, recording);
  return {
    changes,
    description: record === undefined ? marked : withRecord(marked, record, { mac: recording.mac, syncName }),
  };
}
