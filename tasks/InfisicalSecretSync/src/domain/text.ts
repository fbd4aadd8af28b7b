/**
 * Makes text from outside (names, paths, addresses) harmless in a log line: the agent executes `##vso[` wherever it
 * stands in a line, splits lines at CR and LF, and formats `##[…]`. Control and invisible characters go, because a
 * terminal acts on some and a culture-sensitive search may skip others inside the marker.
 */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').replace(/##(?=\s*(?:vso)?\s*\[)/gi, '##_');
}

/** A name in double quotes, harmless and of bounded length. */
export function quoted(name: string): string {
  const text = harmless(name);
  return `"${text.length > 200 ? `${text.slice(0, 200)}…` : text}"`;
}

/** `"a", "b" and "c"`; after ten names, how many more there are. */
export function quotedList(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(quoted);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  const last = shown.pop();
  if (last === undefined || shown.length === 0) return last ?? '';
  return `${shown.join(', ')} and ${last}`;
}

/** `1 variable`, `3 variables`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Order of names that depends on no locale: without case first, then by code unit. */
export function byName(a: { name: string }, b: { name: string }): number {
  return compareTexts(sameName(a.name), sameName(b.name)) || compareTexts(a.name, b.name);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The form in which variable names are compared: Azure Pipelines ignores case. */
export function sameName(name: string): string {
  return name.toLowerCase();
}
