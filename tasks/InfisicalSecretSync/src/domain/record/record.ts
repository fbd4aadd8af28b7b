import type { Change, CurrentVariable } from '../plan.js';
import { sameName, sortedByName } from '../text.js';
import { hasRoom, readRecord, recordsIn, type RecordLine } from './line.js';
import {
  keyLabel,
  labelLength,
  labelsOf,
  optionsLabel,
  printOf,
  printsOf,
  sealOf,
  type HeldVariable,
  type Mac,
} from './prints.js';

/**
 * A group may have been changed by the write that its record speaks of up to so long after the time in it: whole
 * seconds, a read that is a second old, two clocks, a slow write. Who edits a group within it and leaves the record is
 * not noticed, so it is no longer than that. See docs/adr/0020-record.md.
 */
export const windowMs = 5_000;

/** What it takes to make a record and to judge one. */
export interface Recording {
  mac: Mac;
  /** Everything that shapes the outcome, as it was typed. */
  options: readonly string[];
}

/** A group, as far as a record is about it. Times are the service's own, in ms since 1970. */
export interface RecordPlace {
  name: string;
  /** A group that is not there yet has none. */
  id: number | undefined;
  changedAtMs: number | undefined;
  /** When the service gave the answer that all this comes from. */
  answeredAtMs: number | undefined;
}

/** Why a secret has to be written again although nobody knows of a difference. */
export type Doubt =
  | 'a secret can’t be compared'
  | 'never recorded'
  | 'group edited since the last sync'
  | 'recorded with another key'
  | 'group shared by several syncs'
  | 'the record is damaged'
  | 'options changed'
  | 'not as recorded'
  | 'too many to record each'
  | 'no room for a record';

/** What is known of a secret that can't be read back. */
export type Compared = 'same' | 'different' | Doubt;

/** Doubts that only somebody's hand brings about. */
const edits: readonly Doubt[] = ['group edited since the last sync', 'the record is damaged'];

export function isEdit(because: string): boolean {
  return edits.some((edit) => edit === because);
}

export interface JudgedGroup {
  description: string;
  place: RecordPlace;
  variables: readonly CurrentVariable[];
}

/** A record that may be believed, or why not. */
export function judgeRecord(group: JudgedGroup, recording: Recording, syncName: string): RecordLine | Doubt {
  const [line, another] = recordsIn(group.description, syncName);
  if (line === undefined)
    return hasRoom(group.description, syncName) ? 'never recorded' : 'no room for a record';
  if (another !== undefined) return 'the record is damaged';
  const record = readRecord(line, { mac: recording.mac, syncName });
  if (record === 'damaged') return 'the record is damaged';
  if (record === 'other key') return 'recorded with another key';
  if (!isUntouched(group.place, record)) return 'group edited since the last sync';
  const secrets = group.variables.filter(({ isSecret }) => isSecret).length;
  if (record.labels !== '' && record.labels.length !== secrets * labelLength) return 'not as recorded';
  return record.options === optionsLabel(recording.mac, recording.options) ? record : 'options changed';
}

/**
 * What a sync changes, by what a record tells. Only a seal that holds for the outcome makes a run write nothing; the
 * labels say which rows are different once something has to be written.
 * @param plan the changes, given what is known of each secret
 */
export function changesByRecord(
  judged: RecordLine | Doubt,
  plan: (compare: (want: HeldVariable) => Compared) => Change[],
  { group, recording }: { group: JudgedGroup; recording: Recording },
): Change[] {
  if (typeof judged === 'string') return plan(() => judged);
  const outcome = plan(() => 'same');
  if (isNothing(outcome) && holds(judged, heldAfter(outcome, group.variables), { group, recording }))
    return outcome;
  const labels = labelsByName(judged, group.variables);
  const labelled = plan((want) => compareLabel(want, labels, recording));
  return isNothing(labelled) ? plan(() => 'not as recorded') : labelled;
}

/** The record of a group that will hold what these changes leave; undefined where no time is known. */
export function newRecord(
  changes: readonly Change[],
  { place, variables }: JudgedGroup,
  { mac, options }: Recording,
): RecordLine | undefined {
  if (place.answeredAtMs === undefined) return undefined;
  const prints = printsOf(mac, heldAfter(changes, variables));
  const time = Math.floor(place.answeredAtMs / 1_000);
  return {
    key: keyLabel(mac),
    time,
    options: optionsLabel(mac, options),
    seal: sealOf(mac, prints, { group: groupNames(place), options, time }),
    labels: labelsOf(prints),
  };
}

/** Whether nobody has written the group since the write that the record speaks of. */
function isUntouched({ changedAtMs }: RecordPlace, { time }: RecordLine): boolean {
  const sinceMs = (changedAtMs ?? Number.NaN) - time * 1_000;
  return sinceMs >= 0 && sinceMs <= windowMs;
}

/** A group has no ID yet when it is created. */
function holds(
  { seal, time }: RecordLine,
  held: readonly HeldVariable[],
  { group, recording: { mac, options } }: { group: JudgedGroup; recording: Recording },
): boolean {
  const prints = printsOf(mac, held);
  return [group.place, { ...group.place, id: undefined }].some(
    (place) => seal === sealOf(mac, prints, { group: groupNames(place), options, time }),
  );
}

/** The label of each secret that is there; nothing where there were too many to label. */
function labelsByName(
  { labels }: RecordLine,
  variables: readonly CurrentVariable[],
): Map<string, string> | undefined {
  if (labels === '') return undefined;
  const secrets = variables.filter(({ isSecret }) => isSecret).map(({ name }) => sameName(name));
  const inOrder = sortedByName(secrets, (name) => name);
  return new Map(inOrder.map((name, at) => [name, labels.slice(at * labelLength, (at + 1) * labelLength)]));
}

function compareLabel(
  want: HeldVariable,
  labels: ReadonlyMap<string, string> | undefined,
  { mac }: Recording,
): Compared {
  if (labels === undefined) return 'too many to record each';
  const label = printOf(mac, want).slice(0, labelLength);
  return label === labels.get(sameName(want.name)) ? 'same' : 'different';
}

/** What a group holds after a plan; the value of a secret that the sync does not write stays unknown. */
function heldAfter(changes: readonly Change[], before: readonly CurrentVariable[]): HeldVariable[] {
  const known = new Map(before.map((variable) => [variable.name, variable]));
  return changes.flatMap((change): HeldVariable[] => {
    const { name } = change;
    if ('to' in change) return [{ name, isSecret: change.to.isSecret, value: change.to.value }];
    const kept = change.kind === 'delete' ? undefined : known.get(name);
    return kept === undefined ? [] : [kept];
  });
}

function isNothing(changes: readonly Change[]): boolean {
  return changes.every(({ kind }) => kind === 'keep');
}

function groupNames({ id, name }: RecordPlace): string[] {
  return [id === undefined ? '' : String(id), name];
}
