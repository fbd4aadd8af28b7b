import { randomUUID } from 'node:crypto';
import type { Answer } from '../loopback/loopback-server.js';
import { json, Refused } from './answers.js';
import { shownImport } from './folders.js';
import { refuseOddPath, refuseReading } from './listing-2024.js';
import { projectWithId } from './projects.js';
import { shownOld } from './rows.js';
import { roleIn, type Call, type Server } from './server.js';
import { asStored, type Folder, type Project } from './store.js';
import { textsOf } from './validation.js';

/** Just the writes that were recorded, in the shape of 2024: the task reads, and reads only. */

interface Target {
  project: Project;
  environment: string;
  path: string;
}

export function createSecret(call: Call, server: Server): Answer {
  const target = targetOf(call, server);
  const sent = textsOf(call.body, ['secretValue'], ['secretComment']);
  const folder = folderOf(target, 'Create secret');
  const key = call.params['secretName'] ?? '';
  if (folder.secrets.has(key))
    throw new Refused(400, { error: 'BadRequest', message: 'Secret already exist' });
  const value = asStored(sent.secretValue);
  const secret = {
    id: randomUUID(),
    key,
    value,
    first: value,
    comment: (sent.secretComment ?? '').trim(),
    tags: [],
    metadata: [],
    skipMultilineEncoding: false,
    version: 1,
    createdAtMs: server.options.now(),
    updatedAtMs: server.options.now(),
  };
  folder.secrets.set(key, secret);
  server.webhooks.changed(target.project, target.environment, target.path);
  const row = { secret, folder, value, type: 'shared', hidden: false } as const;
  return json(200, { secret: shownOld(row, target.project.id) });
}

export function deleteSecret(call: Call, server: Server): Answer {
  const target = targetOf(call, server);
  const folder = folderOf(target, 'Delete secret');
  const key = call.params['secretName'] ?? '';
  const secret = folder.secrets.get(key);
  if (secret === undefined)
    throw new Refused(400, { error: 'BadRequest', message: `Secret not found: blind index ${key}` });
  folder.secrets.delete(key);
  server.webhooks.changed(target.project, target.environment, target.path);
  const row = { secret, folder, value: secret.value, type: 'shared', hidden: false } as const;
  return json(200, { secret: shownOld(row, target.project.id) });
}

export function createFolder(call: Call, server: Server): Answer {
  const sent = textsOf(call.body, ['workspaceId', 'environment', 'name'], ['path']);
  const project = writableProject(call, server, sent.workspaceId);
  const path = `${sent.path === undefined || sent.path === '/' ? '' : sent.path}/${sent.name}`;
  refuseOddPath(path);
  const folder = project.addFolder(sent.environment, path);
  return json(200, { folder: { id: folder.id, name: sent.name } });
}

/** The source need not exist. */
export function createImport(call: Call, server: Server): Answer {
  const target = targetOf(call, server);
  const source = textsOf((call.body as { import?: unknown }).import, ['environment', 'path']);
  const folder = folderOf(target, 'Create import');
  const entry = {
    id: randomUUID(),
    environment: source.environment,
    path: source.path,
    position: folder.imports.length + 1,
    createdAtMs: server.options.now(),
  };
  folder.imports.push(entry);
  return json(200, {
    message: 'Successfully created secret import',
    secretImport: shownImport(entry, folder, target.project),
  });
}

/** Routes of the days of end-to-end encryption, which a wrong method or a missing name leads to. */
export function encryptedSecret(fields: readonly string[]) {
  return (call: Call): Answer => {
    textsOf(call.body, fields);
    throw new Refused(400, { error: 'BadRequest', message: 'The emulator has no encrypted secrets.' });
  };
}

function targetOf(call: Call, server: Server): Target {
  const sent = textsOf(call.body, ['workspaceId', 'environment'], ['secretPath', 'path']);
  const project = writableProject(call, server, sent.workspaceId);
  const path = sent.secretPath ?? sent.path ?? '/';
  refuseReading(roleIn(project, call, server.options.profile), sent.environment, path, 'create');
  return { project, environment: sent.environment, path };
}

function writableProject(call: Call, server: Server, id: string): Project {
  const project = projectWithId(server, id);
  roleIn(project, call, server.options.profile);
  return project;
}

function folderOf({ project, environment, path }: Target, action: string): Folder {
  const folder = project.folder(environment, path);
  if (folder !== undefined) return folder;
  const message = 'Folder not found for the given environment slug & secret path';
  throw new Refused(400, { error: action, message });
}
