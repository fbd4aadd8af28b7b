/** A sync leaves one line in the description of the group it writes: `[infisical-sync: NAME]`. */
const markLine = /^\s*\[infisical-sync: ([a-z0-9-]{1,256})\]\s*$/i;

const lineEnd = /\r\n|\r|\n/;

/** The names of all syncs that have marked a description, lower-cased. */
export function marksIn(description: string): string[] {
  return description.split(lineEnd).flatMap((line) => {
    const name = markLine.exec(line)?.[1];
    return name === undefined ? [] : [name.toLowerCase()];
  });
}

/**
 * The description after a sync: its mark is there, other marks stay, and the text stays too unless a new one is given.
 * A description that is already so comes back unchanged, to the letter.
 */
export function markedDescription(description: string, syncName: string, newText?: string): string {
  const marks = [...new Set([...marksIn(description), syncName])].map((name) => `[infisical-sync: ${name}]`);
  if (newText !== undefined && newText !== textOf(description)) return joined([newText, ...marks]);
  if (marksIn(description).includes(syncName)) return description;
  return joined([description.trimEnd(), `[infisical-sync: ${syncName}]`]);
}

/** The description without this sync's mark; everything else stays. */
export function unmarkedDescription(description: string, syncName: string): string {
  return linesWithEnds(description)
    .filter((line) => markLine.exec(line)?.[1]?.toLowerCase() !== syncName)
    .join('')
    .trimEnd();
}

/** Whatever ends them, lines that stay keep their end. */
function linesWithEnds(description: string): string[] {
  return description.split(/(?<=\r\n|\r(?!\n)|\n)/);
}

function textOf(description: string): string {
  return linesWithEnds(description)
    .filter((line) => !markLine.test(line))
    .join('')
    .trim();
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}
