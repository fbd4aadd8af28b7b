import type { Answer } from '../loopback/loopback-server.js';
import { isRecorded2026, json, Refused, type Profile } from './answers.js';
import { detailsOf, may, mayAnywhere, type Role } from './identities.js';
import { placedImports } from './imports-2024.js';
import { importsOf } from './imports.js';
import type { ListQuery } from './list-query.js';
import { DeniedReference } from './references.js';
import { byId, byKey, firstOfEach, hiddenValue, rowsOf, shownImported, shownOwn, type Row } from './rows.js';
import { roleIn, type Call, type Options, type Server } from './server.js';
import type { Folder, Project } from './store.js';
import { Expansion } from './expansion.js';

/** The list of today's servers. */
export function listAsToday(call: Call, server: Server, query: ListQuery): Answer {
  const role = roleIn(query.project, call, server.options.profile);
  refuseEndToEnd(query.project);
  const folders = foldersOf(query, role, server.options);
  const viewer = { role, query, options: server.options, asked: folders[0] };
  const rows = folders
    .flatMap((folder) => rowsOf(folder, call.actor, personalRows(query, call)))
    .filter((row) => hasTag(row, query.tags) && hasMetadata(row, query.metadata))
    .flatMap((row) => seenBy(viewer, row))
    .sort(isRecorded2026(server.options.profile) ? byKey : byId);
  const expansion = new Expansion({ server, query, role, actor: call.actor });
  const secrets = query.expand ? expandedOwn(rows, expansion) : rows;
  const shown = secrets.map((row) =>
    shownOwn(row, query.project, { profile: server.options.profile, tags: query.tags }),
  );
  return json(
    200,
    {
      // Recorded: the path of rows of the folder that was asked for is what was asked for.
      secrets: query.recursive ? shown : shown.map((row) => ({ ...row, secretPath: query.path })),
      imports: query.imports ? importsIn(folders, { query, role, expansion }) : noImports(server),
    },
    isRecorded2026(server.options.profile) ? 'sha256' : 'sha1',
  );
}

/** The Go port has no list where Node has an empty one (list_secrets_integration_test.go@02d64aee). */
function noImports({ options }: Server): [] | null {
  return options.permission === 'go' ? null : [];
}

/** @throws Refused */
function refuseEndToEnd({ isEndToEnd, id }: Project): void {
  if (!isEndToEnd) return;
  const message = `Project bot for project with ID '${id}' not found. Please upgrade your project.`;
  throw new Refused(404, { error: 'bot_not_found_error', message });
}

function personalRows({ version, personal }: ListQuery, { actor }: Call): Parameters<typeof rowsOf>[2] {
  if (!personal || actor?.identity.isUser !== true) return 'none';
  return version === 3 ? 'beside shared' : 'in place of shared';
}

/** @throws Refused */
function foldersOf(query: ListQuery, role: Role, { permission, profile }: Options): Folder[] {
  const { environment, path, project, recursive } = query;
  if (permission === 'node' && !mayAnywhere(role, 'describeSecret'))
    throw permissionDenied('describeSecret', role, profile);
  if (recursive && project.environment(environment) === undefined) {
    const message = `Environment with slug '${environment}' in project with ID ${project.id} not found`;
    throw new Refused(404, { error: 'NotFound', message });
  }
  if (isRecorded2026(profile)) refuseOddPath(path);
  const folder = folderAt(project, query, profile);
  if (folder === undefined) {
    const message = `Folder with path '${path}' in environment '${environment}' was not found. Please ensure the environment slug and secret path is correct.`;
    throw new Refused(404, { error: 'SecretPathNotFound', message });
  }
  return recursive ? project.foldersFrom(environment, folder.path) : [folder];
}

/** Recorded: slashes too many and a missing one at the start do not count. */
export function folderAt(
  project: Project,
  { environment, path }: Pick<ListQuery, 'environment' | 'path'>,
  profile: Profile,
): Folder | undefined {
  const tidy = `/${path.split('/').filter(Boolean).join('/')}`;
  return project.folder(environment, isRecorded2026(profile) ? tidy : path);
}

/** @throws Refused when a path holds something else than letters, digits, `-` and `_` */
function refuseOddPath(path: string): void {
  if (!/[^\w/-]/.test(path)) return;
  const message = 'Invalid secret path. Only alphanumeric characters, dashes, and underscores are allowed.';
  throw new Refused(400, { error: 'BadRequest', message });
}

/** Recorded: what additional privileges allow is not quoted. */
export function permissionDenied(action: string, role: Role, profile: Profile): Refused {
  return new Refused(403, {
    error: 'PermissionDenied',
    message: `You are not allowed to ${action} on secrets`,
    details: isRecorded2026(profile) ? [] : detailsOf(role),
  });
}

function hasTag({ secret }: Row, tags: readonly string[]): boolean {
  return tags.length === 0 || secret.tags.some((tag) => tags.includes(tag));
}

/** All of the filters; encrypted metadata can't be searched. */
function hasMetadata({ secret }: Row, filters: ListQuery['metadata']): boolean {
  return filters.every((wanted) =>
    secret.metadata.some(
      ({ key, value, isEncrypted }) => isEncrypted !== true && wanted.key === key && wanted.value === value,
    ),
  );
}

interface Viewer {
  role: Role;
  query: Pick<ListQuery, 'viewValue'>;
  options: Options;
  /** The folder that was asked for. */
  asked: Folder | undefined;
}

/** The row as the caller may see it: nothing, hidden, or whole (secret-v2-bridge-service.ts). @throws Refused */
export function seenBy({ role, query, options, asked }: Viewer, row: Row): Row[] {
  const tags = row.secret.tags;
  if (!may(role, 'describeSecret', row.folder, tags)) return [];
  const mayRead = may(role, 'readValue', row.folder, tags);
  if (!query.viewValue || (!mayRead && options.permission === 'go' && row.folder === asked))
    return [{ ...row, value: hiddenValue, hidden: true }];
  if (mayRead) return [row];
  if (row.folder !== asked) return [];
  throw permissionDenied('readValue', role, options.profile);
}

/** @throws Refused when one reference leads to what the caller may not read */
function expandedOwn(rows: readonly Row[], expansion: Expansion): Row[] {
  const denied: string[] = [];
  const expanded = rows.map((row) => {
    try {
      return row.hidden ? row : { ...row, value: expansion.own(row) };
    } catch (cause) {
      if (!(cause instanceof DeniedReference)) throw cause;
      denied.push(cause.message);
      return row;
    }
  });
  if (denied.length === 0) return expanded;
  const message = 'Failed to expand one or more secret references';
  throw new Refused(403, { error: 'ForbiddenError', message, details: denied });
}

function importsIn(
  folders: readonly Folder[],
  { query, role, expansion }: { query: ListQuery; role: Role; expansion: Expansion },
): unknown[] {
  const readable = (source: Folder, { secret: { tags } }: Row): boolean =>
    may(role, 'describeSecret', source, tags) && (!query.viewValue || may(role, 'readValue', source, tags));
  return importsOf(placedImports(folders), query.project, readable).map((entry) => {
    const rows = expansion.isOnForImports
      ? firstOfEach(entry.rows).map((row) => ({ ...row, value: expansion.imported(row, entry) }))
      : entry.rows;
    return {
      secretPath: entry.path,
      environment: entry.environment,
      ...(entry.folderId === undefined ? {} : { folderId: entry.folderId }),
      secrets: rows.map((row) => ({
        ...shownImported(query.viewValue ? row : { ...row, value: hiddenValue, hidden: true }),
        environment: entry.environment,
      })),
    };
  });
}
