import type { Answer } from '../loopback/loopback-server.js';
import { json, Refused } from './answers.js';
import { may, type Role } from './identities.js';
import { importsOf2024, placedImports } from './imports-2024.js';
import type { ListQuery } from './list-query.js';
import { expandBatch, type Fetch } from './references-2024.js';
import { byId, rowsOf, shownOld, type Row } from './rows.js';
import { roleIn, type Call } from './server.js';
import type { Folder, Project } from './store.js';

const nothing = { secrets: [], imports: [] };

/** The list of a server of July 2024, as recorded. */
export function listAsIn2024(call: Call, query: ListQuery): Answer {
  const role = roleIn(query.project, call, 'legacy-2024');
  const folders = query.recursive ? foldersBelow(query, role) : folderAt(query, role);
  if (folders.length === 0) return json(200, nothing);
  const rows = folders.flatMap((folder) => rowsOf(folder, call.actor, 'beside shared')).sort(byId);
  const pathOf = ({ folder }: Row): string => (query.recursive ? folder.path : query.path);
  const values = query.expand ? expandedByPath(rows, pathOf, query) : undefined;
  const secrets = rows.map((row) => ({
    ...shownOld({ ...row, value: values?.get(row) ?? row.value }, query.project.id),
    secretPath: pathOf(row),
  }));
  return json(200, { secrets, imports: query.imports ? importsIn(folders, query, role) : [] });
}

/** The rights come first, then the path's letters; whatever is not there is empty. @throws Refused */
function folderAt({ environment, path, project }: ListQuery, role: Role): Folder[] {
  refuseReading(role, environment, path);
  refuseOddPath(path);
  // However many slashes stand at the end.
  return [project.folder(environment, path === '/' ? path : path.replace(/\/+$/, ''))].flatMap(
    (folder) => folder ?? [],
  );
}

function foldersBelow({ environment, path, project }: ListQuery, role: Role): Folder[] {
  if (project.environment(environment) === undefined)
    throw new Refused(500, {
      error: 'Internal Server Error',
      message: `'${environment}' environment not found in project with ID ${project.id}`,
    });
  if (project.folder(environment, path) === undefined) return [];
  return project.foldersFrom(environment, path).filter((folder) => may(role, 'readValue', folder));
}

export function refuseReading(role: Role, environment: string, path: string, action = 'read'): void {
  const needed = action === 'read' ? 'readValue' : 'create';
  if (may(role, needed, { environment, path })) return;
  throw new Refused(403, {
    error: 'PermissionDenied',
    message: `You are not allowed to ${action} on secrets`,
  });
}

/** @throws Refused when a path holds something else than letters, digits, `-` and `_` */
export function refuseOddPath(path: string): void {
  if (/[^\w/-]/.test(path))
    throw new Refused(500, { error: 'Find by secret path', message: 'Something went wrong' });
}

/** Recorded: nothing at all is expanded when no secret comes from the requested path itself. */
function expandedByPath(
  rows: readonly Row[],
  pathOf: (row: Row) => string,
  { path, project }: ListQuery,
): Map<Row, string> | undefined {
  const paths = [...new Set(rows.map(pathOf))];
  if (!paths.includes(path)) return undefined;
  return new Map(
    paths.flatMap((own) => {
      const batch = rows.filter((row) => pathOf(row) === own);
      const values = expandBatch(batch.map(expandable), fetchFrom(project));
      return batch.map((row, index): [Row, string] => [row, values[index] ?? '']);
    }),
  );
}

export function expandable({ secret, value }: Row): {
  key: string;
  value: string;
  skipMultilineEncoding: boolean;
} {
  return { key: secret.key, value, skipMultilineEncoding: secret.skipMultilineEncoding };
}

/** References are resolved without looking at rights. */
export function fetchFrom(project: Project): Fetch {
  return (environment, path, key) => project.folder(environment, path)?.secrets.get(key)?.value;
}

/** Imports from folders that may not be read are dropped without a trace. */
function importsIn(folders: readonly Folder[], query: ListQuery, role: Role): unknown[] {
  const { project, path, expand } = query;
  const allowed = placedImports(folders).filter(({ entry }) => may(role, 'readValue', entry));
  return importsOf2024(allowed, project).map((entry) => {
    // Recorded: expanded only where the import's path equals the requested one.
    const values =
      expand && entry.path === path ? expandBatch(entry.rows.map(expandable), fetchFrom(project)) : [];
    return {
      secretPath: entry.path,
      environment: entry.environment,
      ...(entry.folderId === undefined ? {} : { folderId: entry.folderId }),
      secrets: entry.rows.map((row, index) => ({
        ...shownOld({ ...row, value: values[index] ?? row.value }, project.id),
        environment: entry.environment,
      })),
    };
  });
}
