import type { MergedSource, SourceListing, SourceScope } from './source.js';
import { isTagged } from './tags.js';

/**
 * The secrets of a listing by their names alone, which is all that a removal needs. What has to do with values stops
 * nothing: hidden ones, references that nobody resolves, one name in two folders.
 */
export function namesOnly({ secrets, imports }: SourceListing, { tags }: SourceScope): MergedSource {
  const all = [...imports.flatMap((entry) => entry.secrets), ...secrets];
  const rows = all.filter((row) => isTagged(row, tags));
  const byKey = new Map(
    rows.map(({ key, value, path }) => [key, { key, value, origin: path, tags: [] }] as const),
  );
  return { secrets: [...byKey.values()], silentImports: [], untagged: [], warnings: [], notices: [] };
}
