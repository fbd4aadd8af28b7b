/** A secret as servers of 2024 expand it: one batch at a time, knowing nothing but the batch and other folders. */
export interface BatchSecret {
  key: string;
  value: string;
  skipMultilineEncoding: boolean;
}

/** A value of another folder; undefined where there is none. */
export type Fetch = (environment: string, path: string, key: string) => string | undefined;

const reference = /\$\{([^}]+)\}/g;

/**
 * The expanded values of a batch, in its order. Recorded: a target that is missing or empty leaves the reference as it
 * is, one in another folder is put in once and not looked at again, a cycle ends in half-expanded values.
 */
export function expandBatch(batch: readonly BatchSecret[], fetch: Fetch): string[] {
  // Of two secrets with one name the later one counts, as in a record.
  const raw = new Map(batch.map(({ key, value }) => [key, value]));
  const done = new Map([...raw].filter(([, value]) => value.search(reference) < 0));
  const flagged = new Map(batch.map(({ key, skipMultilineEncoding }) => [key, skipMultilineEncoding]));
  for (const key of raw.keys()) expand(key, { raw, done, open: new Set(), fetch });
  return batch.map(({ key }) => {
    const value = done.get(key) ?? '';
    return flagged.get(key) === true ? encoded(value) : value;
  });
}

interface Progress {
  raw: ReadonlyMap<string, string>;
  done: Map<string, string>;
  /** Being expanded right now: the way back to one of them is not taken. */
  open: Set<string>;
  fetch: Fetch;
}

function expand(key: string, progress: Progress): string {
  const { raw, done, open, fetch } = progress;
  const known = done.get(key);
  if (known !== undefined) return known;
  if (open.has(key)) return '';
  open.add(key);
  let value = raw.get(key) ?? '';
  for (const [literal, inner = ''] of value.matchAll(reference)) {
    const parts = inner.trim().split('.');
    const target =
      parts.length === 1
        ? expand(inner, progress)
        : fetch(parts[0] ?? '', `/${parts.slice(1, -1).join('/')}`, parts.at(-1) ?? '');
    // A text as replacement, so that `$$` and `$&` in it are damaged as they were on the server.
    if (target !== undefined && target !== '') value = value.replaceAll(literal, target);
  }
  if (raw.has(key)) done.set(key, value);
  return value;
}

/** Recorded: the flag works the other way round, true is what encodes. */
export function encoded(value: string): string {
  return value.includes('\n') ? `"${value.replaceAll('\n', '\\n')}"` : value;
}
