import type { Answer } from '../loopback-server.js';
import { failure, isOld, json, type Profile } from './answers.js';
import { actionsIn, type Role } from './identities.js';
import { expandReferences } from './references.js';
import type { Folder, Project, StoredImport, StoredSecret } from './store.js';

export interface ListRequest {
  profile: Profile;
  permission: 'node' | 'go';
  project: Project;
  role: Role;
  environment: string;
  path: string;
  recursive: boolean;
  imports: boolean;
  expand: boolean;
  viewValue: boolean;
}

/** The answer of both list routes. */
export function listSecrets(request: ListRequest): Answer {
  const { profile, project, environment, path, recursive } = request;
  const start = project.folder(environment, path);
  if (start === undefined) return missingFolder(request);
  const refused = refuseReading(request);
  if (refused !== undefined) return refused;
  const folders = recursive ? project.foldersFrom(environment, path) : [start];
  const readable = folders.filter((folder) => mayDescribe(request, folder));
  const secrets = readable.flatMap((folder) =>
    [...folder.secrets.values()].map((secret) => ownRow(secret, folder, request)),
  );
  const imports = request.imports ? folders.flatMap((folder) => importsOf(folder, request)) : [];
  const shifted = isOld(profile) ? shiftedByDeleted(imports) : imports;
  // No order is promised; by ID, as recorded, is unrelated to names.
  return json(200, {
    secrets: secrets.sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1)),
    imports: shifted,
  });
}

function missingFolder({ profile, environment, path, recursive, project }: ListRequest): Answer {
  const hasEnvironment = project.environments.includes(environment);
  if (isOld(profile)) {
    if (!hasEnvironment && recursive) {
      const message = `'${environment}' environment not found in project with ID ${project.id}`;
      return failure(profile, 500, { error: 'Internal Server Error', message });
    }
    return json(200, { secrets: [], imports: [] });
  }
  if (!hasEnvironment && recursive) {
    const message = `Environment with slug '${environment}' in project with ID ${project.id} not found`;
    return failure(profile, 404, { error: 'NotFound', message });
  }
  const message = `Folder with path '${path}' in environment '${environment}' was not found. Please ensure the environment slug and secret path is correct.`;
  return failure(profile, 404, { error: 'SecretPathNotFound', message });
}

function refuseReading({
  profile,
  permission,
  role,
  environment,
  path,
  viewValue,
}: ListRequest): Answer | undefined {
  const denied = (action: string): Answer =>
    failure(profile, 403, {
      error: 'PermissionDenied',
      message: `You are not allowed to ${action} on secrets`,
    });
  if (role === 'no-access') return denied(isOld(profile) ? 'read' : 'describeSecret');
  const actions = actionsIn(role, environment, path);
  if (permission === 'node' && viewValue && actions.has('describeSecret') && !actions.has('readValue')) {
    return denied('readValue');
  }
  return undefined;
}

function mayDescribe({ role, environment, permission }: ListRequest, folder: Folder): boolean {
  const actions = actionsIn(role, environment, folder.path);
  return actions.has('readValue') || (permission === 'go' && actions.has('describeSecret'));
}

function ownRow(secret: StoredSecret, folder: Folder, request: ListRequest): Record<string, unknown> {
  const row = {
    ...baseRow(secret, folder, request),
    workspace: request.project.id,
    secretPath: folder.path,
  };
  if (isOld(request.profile)) return row;
  return {
    ...row,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-02T00:00:00.000Z',
    actor: null,
    tags: secret.tags.map((slug) => ({ id: slug, slug, name: slug, color: '#888888' })),
  };
}

function baseRow(secret: StoredSecret, folder: Folder, request: ListRequest): Record<string, unknown> {
  const mayReadValue =
    request.viewValue && actionsIn(request.role, folder.environment, folder.path).has('readValue');
  const value = request.expand ? expandReferences(secret.value, folder, request.project) : secret.value;
  const row = {
    id: secret.id,
    _id: secret.id,
    environment: folder.environment,
    version: secret.version,
    type: 'shared',
    secretKey: secret.key,
    secretValue: mayReadValue ? value : '<hidden-by-infisical>',
    secretComment: secret.comment,
  };
  if (isOld(request.profile)) return row;
  return {
    ...row,
    skipMultilineEncoding: false,
    secretValueHidden: !mayReadValue,
    secretMetadata: [],
    isRotatedSecret: false,
    rotationId: null,
  };
}

interface ImportRow {
  secretPath: string;
  environment: string;
  folderId?: string;
  secrets: Record<string, unknown>[];
}

function importsOf(folder: Folder, request: ListRequest): ImportRow[] {
  return folder.imports.map((entry) => {
    const source = request.project.folder(entry.environment, entry.path);
    const secrets = collect(entry, request, []);
    return {
      secretPath: entry.path,
      environment: entry.environment,
      ...(source === undefined ? {} : { folderId: source.id }),
      secrets,
    };
  });
}

/** An import's own secrets, then those it imports itself; which of two equal keys comes first stays first. */
function collect(
  entry: StoredImport,
  request: ListRequest,
  seen: readonly string[],
): Record<string, unknown>[] {
  const place = `${entry.environment}:${entry.path}`;
  const source = request.project.folder(entry.environment, entry.path);
  if (source === undefined || seen.includes(place) || seen.length >= 10) return [];
  const isReadable = actionsIn(request.role, source.environment, source.path).has('readValue');
  const own = isReadable
    ? [...source.secrets.values()].map((secret) => ({ ...baseRow(secret, source, request), workspace: '' }))
    : [];
  return [...own, ...source.imports.flatMap((nested) => collect(nested, request, [...seen, place]))];
}

/** Recorded in 2024: an import whose source is gone takes the next one's content, and so on to the end. */
function shiftedByDeleted(imports: readonly ImportRow[]): ImportRow[] {
  const contents = imports.filter(({ folderId }) => folderId !== undefined);
  return imports.map(({ secretPath, environment }, index) => {
    const content = contents[index];
    return content === undefined
      ? { secretPath, environment, secrets: [] }
      : { ...content, secretPath, environment };
  });
}
