/**
 * Makes text from outside (names, paths, addresses) harmless in a log line: the agent executes `##vso[` wherever it
 * stands in a line, splits lines at CR and LF, and formats `##[…]`. Control and invisible characters go, because a
 * terminal acts on some and a culture-sensitive search may skip others inside the marker; half characters, because a
 * program that reads the log may refuse all of it.
 */
export function harmless(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, ' ')
    .replace(/##(?=\s*(?:vso\s*)?\[)/gi, '##_');
}

/** A name from outside as it may be shown: harmless, and of bounded length. */
export function shown(name: string): string {
  if (/^[\w./-]{0,200}$/.test(name)) return name;
  // Twice the length of what is shown, and one more: a character may have two halves, which stay together.
  const text = harmless(name.slice(0, 401));
  const start = Array.from(text).slice(0, 200).join('');
  return start.length < text.length ? `${start}…` : text;
}

/** A name in double quotes. */
export function quoted(name: string): string {
  return `"${shown(name)}"`;
}

/** `"a", "b" and "c"`; after ten names, how many more there are. */
export function quotedList(names: readonly string[]): string {
  return joined(names.map(quoted), 'and');
}

/** `a, b and c`, or `a, b or c`; after ten of them, how many more there are. */
export function joined(texts: readonly string[], conjunction: 'and' | 'or'): string {
  const shown = texts.slice(0, 10);
  const more = texts.length - shown.length;
  const last = more > 0 ? `${more} more` : shown.pop();
  if (last === undefined || shown.length === 0) return last ?? '';
  return `${shown.join(', ')} ${conjunction} ${last}`;
}

/** A text that begins a sentence. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `1 variable`, `3 variables`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** In an order of names that depends on no locale: without case first, then by code unit. */
export function sortedByName<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  const named = items.map((item) => ({ item, name: nameOf(item), folded: sameName(nameOf(item)) }));
  return named
    .sort((a, b) => compareTexts(a.folded, b.folded) || compareTexts(a.name, b.name))
    .map(({ item }) => item);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The form in which variable names are compared: Azure Pipelines ignores case. */
export function sameName(name: string): string {
  return name.toLowerCase();
}
