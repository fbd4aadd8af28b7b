import { editDescription, ownLinesIn, type OwnLine } from '../description.js';
import { keyLabel, labelLength, macOfLine, wholeLength, type Mac } from './prints.js';

/** A record as it stands in a description. */
export interface RecordLine {
  key: string;
  /** Seconds since 1970, by the clock of the service. */
  time: number;
  options: string;
  seal: string;
  /** One label for each secret of the group, in the order of the names; none where there was no room. */
  labels: string;
}

/** How long a description may be is documented nowhere; below this nobody has reported trouble. */
const mostCharacters = 999;

const noLabels = '-';

/** As long as a seal is. */
const whole = 's'.repeat(wholeLength);

const kind = 'infisical-sync-record';
const content =
  /^\S+ 1 (?<key>\S+) (?<time>\d{1,12}) (?<options>\S+) (?<seal>\S+) (?<labels>\S+) (?<sign>\S+)$/;

/** The records of a sync, as they stand there; more than one is nothing to go by. */
export function recordsIn(description: string, syncName: string): string[] {
  return ownLinesIn(description)
    .filter((line) => isRecordOf(line, syncName))
    .map((line) => line.content);
}

/** The description without the records of a sync. */
export function withoutRecord(description: string, syncName: string): string {
  return editDescription(description, { drop: (line) => isRecordOf(line, syncName) });
}

/** The description without anybody's records. */
export function withoutRecords(description: string): string {
  return editDescription(description, { drop: (line) => line.kind === kind });
}

/** The description with a record, as much of it as fits: the labels are left out first, then all of it. */
export function withRecord(
  description: string,
  record: RecordLine,
  by: { mac: Mac; syncName: string },
): string {
  const fitting = [record, { ...record, labels: '' }]
    .map((one) => editDescription(description, { add: [{ kind, content: writeRecord(one, by) }] }))
    .find((text) => text.length <= mostCharacters);
  return fitting ?? description;
}

/** Whether at least a record without labels fits into a description that holds none. */
export function hasRoom(description: string, syncName: string): boolean {
  const label = 'l'.repeat(labelLength);
  const shortest = { key: label, time: 1e9, options: label, seal: whole, labels: '' };
  return withRecord(description, shortest, { mac: () => whole, syncName }) !== description;
}

/** What a record says, when whoever has the key wrote it for this sync. */
export function readRecord(
  text: string,
  { mac, syncName }: { mac: Mac; syncName: string },
): RecordLine | 'damaged' | 'other key' {
  const fields = content.exec(text)?.groups;
  if (fields === undefined) return 'damaged';
  const { key = '', time, options = '', seal = '', labels = '', sign } = fields;
  if (key !== keyLabel(mac)) return 'other key';
  const record = { key, time: Number(time), options, seal, labels: labels === noLabels ? '' : labels };
  return sign === signOf(record, { mac, syncName }) ? record : 'damaged';
}

function writeRecord(record: RecordLine, by: { mac: Mac; syncName: string }): string {
  return `${fieldsOf(record, by.syncName)} ${signOf(record, by)}`;
}

function signOf(record: RecordLine, { mac, syncName }: { mac: Mac; syncName: string }): string {
  return macOfLine(mac, fieldsOf(record, syncName));
}

function fieldsOf({ key, time, options, seal, labels }: RecordLine, syncName: string): string {
  return [syncName, '1', key, String(time), options, seal, labels === '' ? noLabels : labels].join(' ');
}

function isRecordOf(line: OwnLine, syncName: string): boolean {
  return line.kind === kind && line.content.split(' ')[0]?.toLowerCase() === syncName;
}
