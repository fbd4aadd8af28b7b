import type { MergedSource, SourceListing, SourceScope } from './source.js';

/**
 * The secrets of a listing by their names alone, which is all that a removal needs. What has to do with values stops
 * nothing: hidden ones, references that nobody resolves, one name in two folders.
 */
export function namesOnly({ secrets, imports }: SourceListing, { tags }: SourceScope): MergedSource {
  const isWanted = (own?: readonly string[]): boolean =>
    tags.length === 0 || (own ?? []).some((tag) => tags.includes(tag));
  const rows = [...imports.flatMap((entry) => entry.secrets), ...secrets].filter((row) => isWanted(row.tags));
  const byKey = new Map(
    rows.map(({ key, value, path }) => [key, { key, value, origin: path, tags: [] }] as const),
  );
  return { secrets: [...byKey.values()], silentImports: [], untagged: [], warnings: [], notices: [] };
}
