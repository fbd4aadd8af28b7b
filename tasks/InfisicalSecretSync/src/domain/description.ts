/**
 * What this task keeps in a group's description: lines of its own among the text of people, each `[KIND: CONTENT]`.
 * This is the only place that reads and writes them; what a content means is known to the file of its kind.
 */
export const lineKinds = ['infisical-sync', 'infisical-sync-record'] as const;

export interface OwnLine {
  kind: (typeof lineKinds)[number];
  content: string;
}

const ownLine = new RegExp(`^\\[(${lineKinds.join('|')}): (.+)\\]$`, 'is');

/** The task's own lines, in their order. A line is its own only where nothing else stands in it. */
export function ownLinesIn(description: string): OwnLine[] {
  return linesOf(description).flatMap((line) => parseLine(line) ?? []);
}

export interface DescriptionEdit {
  /** Replaces what people wrote; undefined keeps it. */
  text?: string | undefined;
  /** Own lines that go. */
  drop?: (line: OwnLine) => boolean;
  /** Own lines that come to the end. */
  add?: readonly OwnLine[];
}

/** The description after an edit. One that is already so comes back unchanged, to the letter. */
export function editDescription(description: string, { text, drop, add = [] }: DescriptionEdit): string {
  const lines = linesOf(description);
  const kept = lines.filter((line) => {
    const own = parseLine(line);
    return own === undefined || drop?.(own) !== true;
  });
  const added = add.map(({ kind, content }) => `[${kind}: ${content}]`);
  if (text !== undefined && text !== textOf(lines)) {
    const own = kept.filter((line) => parseLine(line) !== undefined).map((line) => line.trim());
    return joined([text, ...new Set([...own, ...added])]);
  }
  if (kept.length === lines.length && added.length === 0) return description;
  return joined([kept.join('').trimEnd(), ...added]);
}

function parseLine(line: string): OwnLine | undefined {
  const [, written = '', content = ''] = ownLine.exec(line.trim()) ?? [];
  const kind = lineKinds.find((known) => known === written.toLowerCase());
  return kind === undefined ? undefined : { kind, content: content.trim() };
}

/** Whatever ends them, lines that stay keep their end. */
function linesOf(description: string): string[] {
  return description.split(/(?<=\r\n|\r(?!\n)|\n)/);
}

function textOf(lines: readonly string[]): string {
  return lines
    .filter((line) => parseLine(line) === undefined)
    .join('')
    .trim();
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}
