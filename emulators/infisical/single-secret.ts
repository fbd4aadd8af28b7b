import type { Answer } from '../loopback/loopback-server.js';
import { isOld, isRecorded2026, json, Refused, type Profile } from './answers.js';
import { importsOf2024, placedImports } from './imports-2024.js';
import { importsOf } from './imports.js';
import type { ListQuery } from './list-query.js';
import { listQueryOf } from './list-query.js';
import { expandable, fetchFrom, refuseOddPath, refuseReading } from './listing-2024.js';
import { folderAt, seenBy } from './listing.js';
import { may } from './identities.js';
import { Expansion } from './expansion.js';
import { expandBatch } from './references-2024.js';
import { DeniedReference } from './references.js';
import { rowsOf, shownOld, shownOwn, type Row } from './rows.js';
import { roleIn, type Call, type Server } from './server.js';
import type { Folder } from './store.js';

/** `GET …/:secretName`. */
export function secretByName(version: 3 | 4) {
  return (call: Call, server: Server): Answer => {
    const query = listQueryOf(call, server, version);
    return isOld(server.options.profile) ? asIn2024(call, query) : asToday(call, server, query);
  };
}

function asIn2024(call: Call, query: ListQuery): Answer {
  const { project, environment, path } = query;
  const key = call.params['secretName'] ?? '';
  refuseReading(roleIn(project, call, 'legacy-2024'), environment, path);
  refuseOddPath(path);
  const folder = project.folder(environment, path);
  if (folder === undefined)
    throw new Refused(400, {
      error: 'Get a secret by name',
      message: 'Folder not found for the given environment slug & secret path',
    });
  const own = rowsOf(folder, call.actor, 'none').find(({ secret }) => secret.key === key);
  // The last import wins, and in it the first of two rows.
  const found =
    own ?? (query.imports ? lastWith(importsOf2024(placedImports([folder]), project), key) : undefined);
  if (found === undefined) throw new Refused(400, { error: 'BadRequest', message: 'Secret not found' });
  return json(200, { secret: shownAsIn2024(found, { query, call, isOwn: found === own }) });
}

/** Recorded: whatever version is asked for, the first one comes, and only the newest own secret has tags. */
function shownAsIn2024(
  row: Row,
  { query, call, isOwn }: { query: ListQuery; call: Call; isOwn: boolean },
): Record<string, unknown> {
  const isVersion = isOwn && call.received.query.has('version');
  const value = query.expand
    ? (expandBatch([expandable(row)], fetchFrom(query.project))[0] ?? '')
    : row.value;
  const shown = isVersion
    ? { ...row, value: row.secret.first, secret: { ...row.secret, version: 1 } }
    : { ...row, value };
  const tags = row.secret.tags.map((slug) => {
    const { id, name, color } = query.project.tag(slug);
    return { id, slug, name, color };
  });
  return { ...shownOld(shown, query.project.id), ...(isOwn && !isVersion ? { tags } : {}) };
}

function asToday(call: Call, server: Server, query: ListQuery): Answer {
  const { project, environment, path } = query;
  const key = call.params['secretName'] ?? '';
  const role = roleIn(project, call, server.options.profile);
  const { profile } = server.options;
  const folder = folderAt(project, query, profile);
  if (folder === undefined) {
    const message = `Folder with path '${path}' in environment with slug '${environment}' not found`;
    throw new Refused(404, { error: 'GetSecretByName', message });
  }
  const own = rowsOf(folder, call.actor, 'none').filter(({ secret }) => secret.key === key);
  const viewer = { role, query, options: server.options, asked: folder };
  refuseHiddenByName(own, viewer);
  const [row] = [...own.flatMap((found) => seenBy(viewer, found)), ...imported(folder, key, query)];
  if (row === undefined)
    throw new Refused(404, {
      error: isRecorded2026(profile) ? 'NotFound' : 'GetSecretByName',
      message: `Secret with name '${key}' not found`,
    });
  const expansion = new Expansion({ server, query, role, actor: call.actor });
  const value = query.expand && !row.hidden ? expandedAlone(row, expansion) : row.value;
  return json(200, {
    secret: byNameOrder(shownOwn({ ...row, value }, project, { profile, tags: [] }), profile),
  });
}

/** Recorded: the refusal names the secret. @throws Refused */
function refuseHiddenByName(
  own: readonly Row[],
  { role, query, options }: Parameters<typeof seenBy>[0],
): void {
  const [row] = own;
  if (row === undefined || !query.viewValue || !isRecorded2026(options.profile)) return;
  const { key, tags } = row.secret;
  if (!may(role, 'describeSecret', row.folder, tags) || may(role, 'readValue', row.folder, tags)) return;
  throw new Refused(403, {
    error: 'ForbiddenReadSecretError',
    message: `You do not have permission to view secret value on secret with name '${key}'`,
  });
}

/** Recorded: other than in a list, tags come before metadata, and both behind the path. */
function byNameOrder(shown: Record<string, unknown>, profile: Profile): Record<string, unknown> {
  if (!isRecorded2026(profile)) return shown;
  const { secretPath, secretMetadata, tags, ...rest } = shown;
  return { ...rest, secretPath, tags, secretMetadata };
}

/** By name the refusal itself says which reference it is. @throws Refused */
function expandedAlone(row: Row, expansion: Expansion): string {
  try {
    return expansion.own(row);
  } catch (cause) {
    if (!(cause instanceof DeniedReference)) throw cause;
    throw new Refused(403, { error: 'ForbiddenError', message: cause.message });
  }
}

function imported(folder: Folder, key: string, { project, imports }: ListQuery): Row[] {
  const found = imports
    ? lastWith(
        importsOf(placedImports([folder]), project, () => true),
        key,
      )
    : undefined;
  return found === undefined ? [] : [found];
}

function lastWith(entries: readonly { rows: Row[] }[], key: string): Row | undefined {
  return entries
    .toReversed()
    .flatMap(({ rows }) => rows)
    .find(({ secret }) => secret.key === key);
}
