import * as z from 'zod/mini';
import { SourceError } from '../../domain/errors.js';
import type { SecretValue } from '../../domain/secret-value.js';
import { quoted } from '../../domain/text.js';
import type { WizardSync } from '../../domain/wizard-sync.js';
import { readAttempts } from '../http/client.js';
import { pathSegment } from '../http/path-segment.js';
import { isUnknownRoute, type InfisicalApi } from './api.js';
import { projectIdOf, type Folder } from './listing.js';
import type { Explain } from './refusals.js';
import { syncRefusal } from './sync-refusals.js';

/** `GET /api/v1/secret-syncs/azure-devops/sync-name/…`, recorded in July 2026; of its many fields what a run needs. */
const Answer = z.object({
  secretSync: z.object({
    name: z.string(),
    description: z.optional(z.nullable(z.string())),
    isAutoSyncEnabled: z.boolean(),
    environment: z.nullable(z.object({ slug: z.string(), name: z.string() })),
    folder: z.nullable(z.object({ path: z.string() })),
    destination: z.string(),
    syncOptions: z.object({
      keySchema: z.optional(z.nullable(z.string())),
      disableSecretDeletion: z.optional(z.nullable(z.boolean())),
      recursive: z.optional(z.nullable(z.boolean())),
    }),
    destinationConfig: z.object({ devopsProjectId: z.string(), devopsProjectName: z.optional(z.string()) }),
  }),
});

export interface SyncRequest {
  project: Folder['project'];
  name: string;
  api: InfisicalApi;
  token: SecretValue;
  explain: Explain;
}

/** Reads a sync that somebody made in Infisical, by its name. @throws SourceError */
export async function readWizardSync(request: SyncRequest): Promise<WizardSync> {
  const { project, name, api, token, explain } = request;
  // The route takes the ID only, and says of a slug that there is no such sync.
  const projectId = await projectIdOf(request);
  if (projectId === undefined) throw tooOld(api, name);
  const path = `/api/v1/secret-syncs/azure-devops/sync-name/${pathSegment(name)}`;
  const response = await api.call({ method: 'GET', path, query: { projectId }, token }, readAttempts);
  if (isUnknownRoute(response)) throw tooOld(api, name);
  if (response.status !== 200) throw explain(response, syncRefusal(name));
  const { secretSync } = api.parse(response, Answer, 'a sync');
  if (secretSync.environment === null || secretSync.folder === null) {
    throw new SourceError(
      `The sync ${quoted(name)} in the Infisical project ${quoted(project.text)} has no source, because its folder or environment was deleted. Give it another source in Infisical, or leave infisicalSync empty and fill in environment and secretPath.`,
    );
  }
  return wizardSync(secretSync, secretSync.environment, secretSync.folder.path);
}

function wizardSync(
  {
    name,
    description,
    isAutoSyncEnabled,
    syncOptions,
    destinationConfig,
  }: z.infer<typeof Answer>['secretSync'],
  environment: WizardSync['environment'],
  secretPath: string,
): WizardSync {
  const { devopsProjectId: id, devopsProjectName = '' } = destinationConfig;
  return {
    name,
    description: description ?? '',
    runsByItself: isAutoSyncEnabled,
    environment,
    secretPath,
    recursive: syncOptions.recursive ?? false,
    keySchema: syncOptions.keySchema ?? '',
    disableSecretDeletion: syncOptions.disableSecretDeletion ?? false,
    teamProject: { id, name: devopsProjectName },
  };
}

function tooOld(api: InfisicalApi, name: string): SourceError {
  return new SourceError(
    `${api.title} is too old to describe the sync ${quoted(name)}. Update the server, or leave infisicalSync empty and fill in environment and secretPath.`,
  );
}
