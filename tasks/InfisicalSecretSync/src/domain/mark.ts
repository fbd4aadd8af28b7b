import { editDescription, ownLinesIn, type OwnLine } from './description.js';
import { isSamePattern, parsePattern, patternText, type NamePattern } from './name-pattern.js';
import type { SyncSettings } from './settings.js';
import { joined, quoted, sameName, shown } from './text.js';

/**
 * A sync leaves one line in the description of the group that it writes: `[infisical-sync: NAME owns APP_*]`.
 * Name and pattern together tell which sync it is: one name with two key schemas is two syncs, of which neither takes
 * what the other has written.
 */
export interface Mark {
  syncName: string;
  pattern: NamePattern;
}

/** A mark as it was found: one of an earlier version, or one that somebody edited, may not say what it owns. */
export interface FoundMark {
  syncName: string;
  pattern: NamePattern | undefined;
}

const kind = 'infisical-sync';
const content = /^([a-z0-9-]{1,256})(?: owns (\S+))?$/i;

/** The mark that a sync leaves. */
export function ownMark({ syncName, keySchema }: Pick<SyncSettings, 'syncName' | 'keySchema'>): Mark {
  return { syncName, pattern: keySchema.pattern };
}

/** The marks of all syncs in a description. */
export function marksIn(description: string): FoundMark[] {
  return ownLinesIn(description).flatMap((line) => (line.kind === kind ? [parseMark(line)] : []));
}

export function isSameMark(found: FoundMark, { syncName, pattern }: Mark): boolean {
  return found.syncName === syncName && found.pattern !== undefined && isSamePattern(found.pattern, pattern);
}

/** Whether a mark is of this sync as far as it tells: it has the name, and does not say what it owns. */
export function isUnfinished(found: FoundMark, { syncName }: Mark): boolean {
  return found.syncName === syncName && found.pattern === undefined;
}

/** A mark as its line in a description has it: `web owns app_*`. */
export function markText({ syncName, pattern }: FoundMark): string {
  return pattern === undefined ? syncName : `${syncName} owns ${patternText(pattern)}`;
}

/** Syncs as messages call them: `"web" (owns APP_*)`; one whose mark does not say what it owns: `"web"`. */
export function syncsOf(marks: readonly FoundMark[]): string {
  const texts = marks.map(({ syncName, pattern }) =>
    pattern === undefined ? quoted(syncName) : `${quoted(syncName)} (owns ${shown(patternText(pattern))})`,
  );
  return joined([...new Set(texts)], 'and');
}

/** Marks as they are compared, whatever their order. */
export function comparableMarks(description: string): string[] {
  return [...new Set(marksIn(description).map((mark) => sameName(markText(mark))))].sort();
}

/**
 * The description after a sync: its mark is there, in place of one that did not say what it owns; other marks stay,
 * and the text stays too unless a new one is given. One that is already so comes back unchanged, to the letter.
 */
export function markedDescription(description: string, mark: Mark, newText?: string): string {
  const isThere = marksIn(description).some((found) => isSameMark(found, mark));
  return editDescription(description, {
    text: newText,
    drop: (line) => line.kind === kind && isUnfinished(parseMark(line), mark),
    add: isThere ? [] : [{ kind, content: markText(mark) }],
  });
}

/** The description without this sync's mark; everything else stays. */
export function unmarkedDescription(description: string, mark: Mark): string {
  return editDescription(description, {
    drop: (line) => {
      if (line.kind !== kind) return false;
      const found = parseMark(line);
      return isSameMark(found, mark) || isUnfinished(found, mark);
    },
  });
}

/** What can't be read is somebody's mark all the same: nothing is known of what it owns. */
function parseMark(line: OwnLine): FoundMark {
  const [, name, pattern] = content.exec(line.content) ?? [];
  if (name === undefined) return { syncName: line.content, pattern: undefined };
  return {
    syncName: name.toLowerCase(),
    pattern: pattern === undefined ? undefined : parsePattern(pattern),
  };
}
