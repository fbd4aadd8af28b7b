import type { Place } from './identities.js';
import { byId, firstOfEach, rowsOf, type Row } from './rows.js';
import type { Folder, Project, StoredImport } from './store.js';

export interface ImportEntry extends Place {
  folderId: string | undefined;
  rows: Row[];
}

interface Level extends ImportEntry {
  /** The folder that holds the import. */
  importer: Folder;
}

export interface PlacedImport {
  entry: StoredImport;
  importer: Folder;
}

const deepest = 10;

/** The imports of folders: by position, whatever folder they are in. */
export function placedImports(folders: readonly Folder[]): PlacedImport[] {
  return folders
    .flatMap((importer) => importer.imports.map((entry) => ({ entry, importer })))
    .sort((a, b) => a.entry.position - b.entry.position || (a.entry.rank ?? 0) - (b.entry.rank ?? 0));
}

/** Servers of 2024, as recorded; a name that one entry holds twice is listed once. */
export function importsOf2024(imports: readonly PlacedImport[], project: Project): ImportEntry[] {
  return levelOf(imports, project, { depth: 0, seen: new Set() }).map((entry) => ({
    ...entry,
    rows: firstOfEach(entry.rows),
  }));
}

/**
 * One level of imports, and what these import themselves. Sources that are gone are left out before contents and labels
 * are put side by side, so that labels lie from there on; and of the imports of a source only the first is followed.
 */
function levelOf(
  imports: readonly PlacedImport[],
  project: Project,
  state: { depth: number; seen: Set<string> },
): Level[] {
  if (state.depth >= deepest) return [];
  const fresh = imports.filter(({ entry }) => !state.seen.has(keyOf(entry)));
  for (const { entry } of fresh) state.seen.add(keyOf(entry));
  const sources = fresh.flatMap(({ entry }) => project.folder(entry.environment, entry.path) ?? []);
  const deeper =
    sources.length === 0
      ? []
      : levelOf(placedImports([...new Set(sources)]), project, { ...state, depth: state.depth + 1 });
  return fresh.map(({ entry, importer }, index) => {
    const source = sources[index];
    const below = deeper.find((level) => level.importer === source);
    return {
      environment: entry.environment,
      path: entry.path,
      importer,
      folderId: source?.id,
      rows: source === undefined ? [] : [...sharedRows(source), ...(below?.rows ?? [])],
    };
  });
}

function sharedRows(folder: Folder): Row[] {
  return rowsOf(folder, undefined, 'none').sort(byId);
}

export function keyOf({ environment, path }: Place): string {
  return `${environment}=${path}`;
}
