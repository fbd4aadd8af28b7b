import type { Answer } from '../loopback/loopback-server.js';
import { isOld, isRecorded2026, json, Refused } from './answers.js';
import { projectWithId } from './projects.js';
import { roleIn, type Call, type Server } from './server.js';
import { parentOf, type Environment, type Folder, type Project, type StoredImport } from './store.js';
import { Query } from './validation.js';

interface Asked {
  project: Project;
  environment: string;
  path: string;
  recursive: boolean;
}

/** `GET /api/v1/folders` and `/api/v2/folders`. A path that is not there is an empty list, an environment is not. */
export function listFolders(version: 1 | 2) {
  return (call: Call, server: Server): Answer => {
    const { project, environment: slug, path, recursive } = asked(call, server, version);
    const environment = project.environment(slug) ?? refuseEnvironment(server, project, slug);
    const found = recursive
      ? project.foldersFrom(environment.slug, path).filter((folder) => folder.path !== path)
      : project.foldersIn(environment.slug, path);
    // Recorded of today: by name.
    const folders = isRecorded2026(server.options.profile) ? found.toSorted(byPath) : found;
    return json(200, {
      folders: folders.map((folder) => ({
        ...shown(folder, project, environment),
        ...(isRecorded2026(server.options.profile) ? shownSince2026(folder) : {}),
        ...(version === 2 && recursive ? { relativePath: folder.path } : {}),
      })),
    });
  };
}

/** `GET /api/v1/secret-imports` and `/api/v2/secret-imports`; the one list that tells a wrong path on old servers. */
export function listImports(version: 1 | 2) {
  return (call: Call, server: Server): Answer => {
    const { project, environment, path } = asked(call, server, version);
    const folder = project.folder(environment, path);
    if (folder === undefined) {
      throw isOld(server.options.profile)
        ? new Refused(400, { error: 'Get imports', message: 'Folder not found' })
        : new Refused(404, {
            error: 'NotFound',
            message: isRecorded2026(server.options.profile)
              ? `Folder with path '${path}' in environment with slug '${environment}' not found`
              : `Folder with path '${path}' not found in environment with slug '${environment}'`,
          });
    }
    const secretImports = [...folder.imports]
      .sort((a, b) => a.position - b.position)
      .map((entry) => ({
        ...shownImport(entry, folder, project),
        ...(isRecorded2026(server.options.profile) ? sourceSince2026(entry, project) : {}),
      }));
    return json(200, { message: 'Successfully fetched secret imports', secretImports });
  };
}

function asked(call: Call, server: Server, version: 1 | 2): Asked {
  const query = new Query(call.received.query);
  const id = query.required(version === 1 ? 'workspaceId' : 'projectId');
  const environment = query.required('environment');
  // Version 2 of the folders has no default (v2/secret-folder-router.ts@09a41c37); `directory` was never read in 2024.
  const isFolders = call.received.path.endsWith('/folders');
  const path =
    version === 2 && isFolders ? query.required('path') : (query.text('path') ?? directory(query, server));
  const recursive = query.flag('recursive', false);
  query.check();
  const project = projectWithId(server, id);
  roleIn(project, call, server.options.profile);
  return { project, environment, path: path === '/' ? path : path.replace(/\/$/, ''), recursive };
}

function directory(query: Query, server: Server): string {
  return isOld(server.options.profile) ? '/' : (query.text('directory') ?? '/');
}

function refuseEnvironment(server: Server, project: Project, slug: string): never {
  throw isOld(server.options.profile)
    ? new Refused(400, { error: 'Get folders', message: 'Environment not found' })
    : new Refused(404, {
        error: 'NotFound',
        message: isRecorded2026(server.options.profile)
          ? `Environment with slug '${slug}' not found`
          : `Environment with slug '${slug}' in project with ID ${project.id} not found`,
      });
}

function byPath(a: Folder, b: Folder): number {
  return a.path < b.path ? -1 : 1;
}

function shownSince2026(folder: Folder): Record<string, unknown> {
  const changes = [...folder.secrets.values()].map(({ updatedAtMs }) => updatedAtMs);
  const updatedAt = new Date(Math.max(folder.createdAtMs, ...changes)).toISOString();
  return { updatedAt, description: null, lastSecretModified: changes.length === 0 ? null : updatedAt };
}

function shown(folder: Folder, project: Project, environment: Environment): Record<string, unknown> {
  const createdAt = new Date(folder.createdAtMs).toISOString();
  return {
    id: folder.id,
    name: folder.path.split('/').at(-1),
    version: 1,
    createdAt,
    updatedAt: createdAt,
    envId: environment.id,
    parentId: project.folder(folder.environment, parentOf(folder.path))?.id,
    isReserved: false,
  };
}

function sourceSince2026({ environment }: StoredImport, project: Project): Record<string, unknown> {
  const { name, slug, id } = project.environment(environment) ?? {};
  return { importEnv: { name, slug, id, projectId: project.id }, sourceProjectName: project.name };
}

export function shownImport(entry: StoredImport, folder: Folder, project: Project): Record<string, unknown> {
  const createdAt = new Date(entry.createdAtMs).toISOString();
  const { name, slug, id } = project.environment(entry.environment) ?? {};
  return {
    id: entry.id,
    version: 1,
    importPath: entry.path,
    position: entry.position,
    createdAt,
    updatedAt: createdAt,
    folderId: folder.id,
    isReplication: false,
    isReplicationSuccess: null,
    replicationStatus: null,
    lastReplicated: null,
    isReserved: false,
    importEnv: { name, slug, id },
  };
}
