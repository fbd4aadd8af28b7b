import type { SecretValue } from '../../domain/secret-value.js';
import { readAttempts } from '../http/client.js';
import type { HttpResponse } from '../http/exchange.js';
import { pathSegment } from '../http/path-segment.js';
import { isUnknownRoute, type InfisicalApi } from './api.js';
import { readRefusal } from './read-refusals.js';
import type { Explain } from './refusals.js';
import { Project, SecretList } from './schema.js';

export interface Folder {
  project: { kind: 'id' | 'slug'; text: string };
  environment: string;
  secretPath: string;
  recursive: boolean;
  includeImports: boolean;
  expandSecretReferences: boolean;
  /** Asks for no values, which may be read by fewer identities than names. */
  namesOnly?: boolean;
}

/** What listing one folder takes. */
export interface Listing {
  folder: Folder;
  api: InfisicalApi;
  token: SecretValue;
  explain: Explain;
}

/** Lists one folder, on servers of today and on those of 2024. @throws SourceError */
export async function readFolder(listing: Listing): Promise<SecretList> {
  const { folder, api, explain } = listing;
  const projectId = await resolveProject(listing);
  if (projectId !== undefined) {
    const response = await sendGet(listing, '/api/v4/secrets', { ...flagsFor(folder), projectId });
    if (response.status === 200) return api.parse(response, SecretList, 'secrets');
    if (!isUnknownRoute(response)) throw explain(response, readRefusal);
  }
  return readFromOldServer(listing);
}

/** The project's ID, which v4 wants; `undefined` where the server is too old to tell. */
async function resolveProject(listing: Listing): Promise<string | undefined> {
  const { api, explain } = listing;
  const { project } = listing.folder;
  if (project.kind === 'id') return project.text;
  const response = await sendGet(listing, `/api/v1/projects/slug/${pathSegment(project.text)}`, {});
  if (response.status === 200) return api.parse(response, Project, 'a project').id;
  if (isUnknownRoute(response)) return undefined;
  throw explain(response, readRefusal);
}

async function readFromOldServer(listing: Listing): Promise<SecretList> {
  const { folder, api, explain } = listing;
  const { project } = folder;
  const named: Record<string, string> =
    project.kind === 'id' ? { workspaceId: project.text } : { workspaceSlug: project.text };
  const response = await sendGet(listing, '/api/v3/secrets/raw', { ...flagsFor(folder), ...named });
  if (response.status !== 200) throw explain(response, readRefusal);
  const list = api.parse(response, SecretList, 'secrets');
  if (list.secrets.length === 0) await refuseMistypedPath(listing);
  return list;
}

/**
 * Servers of 2024 answer 200 and nothing for a path or environment that does not exist; only the list of imports
 * tells a folder that is empty from one that is not there.
 */
async function refuseMistypedPath(listing: Listing): Promise<void> {
  const { project, environment, secretPath } = listing.folder;
  const workspaceId = project.kind === 'id' ? project.text : await resolveOnOldServer(listing, project.text);
  const response = await sendGet(listing, '/api/v1/secret-imports', {
    workspaceId,
    environment,
    path: secretPath,
  });
  if (response.status === 400 || response.status === 404) throw listing.explain(response, readRefusal);
}

async function resolveOnOldServer(listing: Listing, slug: string): Promise<string> {
  const { api, explain } = listing;
  const response = await sendGet(listing, `/api/v2/workspace/${pathSegment(slug)}`, {});
  if (response.status !== 200) throw explain(response, readRefusal);
  return api.parse(response, Project, 'a project').id;
}

/** Every flag is sent, in both spellings: names and defaults changed between versions. */
function flagsFor({
  environment,
  secretPath,
  recursive,
  includeImports,
  expandSecretReferences,
  namesOnly = false,
}: Folder): Record<string, string> {
  return {
    environment,
    secretPath,
    recursive: String(recursive),
    includeImports: String(includeImports),
    include_imports: String(includeImports),
    expandSecretReferences: String(expandSecretReferences && !namesOnly),
    viewSecretValue: String(!namesOnly),
    includePersonalOverrides: 'false',
  };
}

function sendGet(
  { api, token }: Listing,
  path: string,
  query: Record<string, string>,
): Promise<HttpResponse> {
  return api.call({ method: 'GET', path, query, token }, readAttempts);
}
