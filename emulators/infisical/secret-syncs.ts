import { randomUUID } from 'node:crypto';
import type { Answer } from '../loopback/loopback-server.js';
import { json, Refused } from './answers.js';
import { mayReadSyncs } from './identities.js';
import { projectWithId } from './projects.js';
import { roleIn, type Call, type Server } from './server.js';
import type { Project } from './store.js';
import { invalid, Query } from './validation.js';

const titles = { 'azure-devops': 'Azure DevOps', github: 'GitHub' } as const;
export type Destination = keyof typeof titles;

/** A sync as somebody makes it in the web interface. Nothing of it ever runs here. */
export interface NewSecretSync {
  name: string;
  environment: string;
  path?: string;
  id?: string;
  description?: string | null;
  isAutoSyncEnabled?: boolean;
  destination?: Destination;
  syncOptions?: { keySchema?: string; disableSecretDeletion?: boolean; recursive?: boolean };
  destinationConfig?: Record<string, string>;
  connection?: { id: string; name: string };
  createdAtMs?: number;
  updatedAtMs?: number;
  /** What a run left behind. */
  ran?: { syncStatus: string | null; lastSyncJobId: string | null; lastSyncedAt: string | null };
}

export type SecretSync = NewSecretSync & { id: string; createdAtMs: number; project: Project };

export function newSecretSync(project: Project, sync: NewSecretSync, nowMs: number): SecretSync {
  return { createdAtMs: nowMs, ...sync, id: sync.id ?? randomUUID(), project };
}

/** All of a project, or those with one destination. */
export function listSyncs(destination?: Destination) {
  return (call: Call, server: Server): Answer => {
    const id = requiredQuery(call, 'projectId');
    allow(projectWithId(server, id), call, server);
    const found = server.syncs.filter(
      ({ project, destination: own = 'azure-devops' }) => project.id === id && (destination ?? own) === own,
    );
    return json(200, { secretSyncs: found.map(shown) });
  };
}

/** By its name, compared exactly. A project that is not there has no syncs: which is missing is not told. */
export function syncByName(destination: Destination) {
  return (call: Call, server: Server): Answer => {
    const { name = '' } = call.params;
    const projectId = requiredQuery(call, 'projectId');
    const found = server.syncs.find((sync) => sync.name === name && sync.project.id === projectId);
    return answered(found, { destination, by: `name "${name}"` }, { call, server });
  };
}

export function syncById(destination: Destination) {
  return (call: Call, server: Server): Answer => {
    const { id = '' } = call.params;
    if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
      const issue = { validation: 'uuid', code: 'invalid_string', message: 'Invalid uuid', path: ['syncId'] };
      throw invalid([issue]);
    }
    const found = server.syncs.find((sync) => sync.id === id);
    return answered(found, { destination, by: `ID "${id}"` }, { call, server });
  };
}

/** In the recorded order: is it there, may it be read, is it of that destination. @throws Refused */
function answered(
  sync: SecretSync | undefined,
  { destination, by }: { destination: Destination; by: string },
  { call, server }: { call: Call; server: Server },
): Answer {
  const title = titles[destination];
  if (sync === undefined)
    throw new Refused(404, { error: 'NotFound', message: `Could not find ${title} Sync with ${by}` });
  allow(sync.project, call, server);
  if ((sync.destination ?? 'azure-devops') !== destination)
    throw new Refused(400, {
      error: 'BadRequest',
      message: `Secret sync with ID "${sync.id}" is not configured for ${title}`,
    });
  return json(200, { secretSync: shown(sync) });
}

function allow(project: Project, call: Call, server: Server): void {
  if (mayReadSyncs(roleIn(project, call, server.options.profile))) return;
  throw new Refused(403, {
    error: 'PermissionDenied',
    message: 'You are not allowed to read on secret-syncs',
    details: [],
  });
}

function requiredQuery({ received }: Call, name: string): string {
  const query = new Query(received.query);
  const text = query.required(name);
  query.check();
  return text;
}

/** A folder that is gone takes its environment along. */
function shown(sync: SecretSync): Record<string, unknown> {
  const { project, path = '/', syncOptions = {} } = sync;
  const folder = project.folder(sync.environment, path);
  const environment = folder === undefined ? undefined : project.environment(sync.environment);
  const createdAt = new Date(sync.createdAtMs).toISOString();
  const ran = sync.ran ?? { syncStatus: null, lastSyncJobId: null, lastSyncedAt: null };
  const { keySchema, disableSecretDeletion, recursive } = syncOptions;
  const connection = sync.connection ?? { id: randomUUID(), name: 'azure-devops' };
  const destination = sync.destination ?? 'azure-devops';
  return {
    id: sync.id,
    name: sync.name,
    description: sync.description ?? null,
    isAutoSyncEnabled: sync.isAutoSyncEnabled ?? true,
    version: 1,
    projectId: project.id,
    folderId: folder?.id ?? null,
    connectionId: connection.id,
    createdAt,
    updatedAt: new Date(sync.updatedAtMs ?? sync.createdAtMs).toISOString(),
    syncStatus: ran.syncStatus,
    lastSyncJobId: ran.lastSyncJobId,
    lastSyncMessage: null,
    lastSyncedAt: ran.lastSyncedAt,
    importStatus: null,
    lastImportJobId: null,
    lastImportMessage: null,
    lastImportedAt: null,
    removeStatus: null,
    lastRemoveJobId: null,
    lastRemoveMessage: null,
    lastRemovedAt: null,
    syncOptions: {
      initialSyncBehavior: 'overwrite-destination',
      ...(keySchema === undefined ? {} : { keySchema }),
      ...(disableSecretDeletion === undefined ? {} : { disableSecretDeletion }),
      ...(recursive === undefined ? {} : { recursive }),
    },
    connection: { app: destination, name: connection.name, id: connection.id },
    environment:
      environment === undefined
        ? null
        : { slug: environment.slug, name: environment.name, id: environment.id },
    folder: folder === undefined ? null : { id: folder.id, path },
    destination,
    destinationConfig: sync.destinationConfig ?? {
      devopsProjectId: '7d1f6c1e-52f1-4f1c-9a0e-6d8c2b1a4e30',
      devopsProjectName: 'Shop',
    },
  };
}
