import { keyOf, placedImports, type ImportEntry, type PlacedImport } from './imports-2024.js';
import { rowsOf, type Row } from './rows.js';
import type { Folder, Project } from './store.js';

const deepest = 10;

interface Batch {
  imports: readonly PlacedImport[];
  depth: number;
  /** The rows that this batch's rows are added to; undefined for the entries of the answer. */
  parent: Row[] | undefined;
}

/**
 * Imports on today's servers (secret-import-fns.ts@0384872a). Every source is listed once in all. What a source imports
 * itself is added to its entry; what that imports in turn is added to a list that has been copied already, and is lost.
 */
export function importsOf(
  imports: readonly PlacedImport[],
  project: Project,
  readable: (source: Folder, row: Row) => boolean,
): ImportEntry[] {
  const entries: ImportEntry[] = [];
  const seen = new Set<string>();
  const batches: Batch[] = [{ imports, depth: 0, parent: undefined }];
  for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
    if (batch.depth > deepest) continue;
    for (const { entry } of unseen(batch.imports, seen)) {
      const source = project.folder(entry.environment, entry.path);
      const rows = source === undefined ? [] : rowsByName(source).filter((row) => readable(source, row));
      if (source !== undefined && source.imports.length > 0)
        batches.push({ imports: placedImports([source]), depth: batch.depth + 1, parent: rows });
      if (batch.parent === undefined)
        entries.push({ environment: entry.environment, path: entry.path, folderId: source?.id, rows });
      else batch.parent.push(...rows);
    }
  }
  return entries;
}

function unseen(imports: readonly PlacedImport[], seen: Set<string>): PlacedImport[] {
  return imports.filter(({ entry }) => {
    const key = keyOf(entry);
    return !seen.has(key) && seen.add(key);
  });
}

function rowsByName(folder: Folder): Row[] {
  return rowsOf(folder, undefined, 'none').sort((a, b) => (a.secret.key < b.secret.key ? -1 : 1));
}
