import { InfisicalEmulator } from '../../emulators/infisical/emulator.js';
import type { Role } from '../../emulators/infisical/identities.js';
import { HttpClient } from '#task/adapters/http/client.js';
import { directNetwork } from '#task/adapters/http/network.js';
import type { Folder } from '#task/adapters/infisical/listing.js';
import { InfisicalApi } from '#task/adapters/infisical/api.js';
import type { InfisicalConnection } from '#task/adapters/infisical/connection.js';
import { InfisicalSession } from '#task/adapters/infisical/session.js';
import { InfisicalSource } from '#task/adapters/infisical/source.js';
import { SecretValue } from '#task/domain/secret-value.js';
import { mergeSource, type MergedSource } from '#task/domain/source.js';
import { FakeClock } from './fake-clock.js';

export const infisicalProjectId = '0f6a1d52-8c35-4f0e-9f6b-2a7f0c3d4e5b';
export const at = (
  path = '/',
  environment = 'dev',
): { project: string; environment: string; path: string } => ({
  project: 'shop',
  environment,
  path,
});

type Options = Parameters<typeof InfisicalEmulator.start>[0] & { role?: Role };

const never = new AbortController().signal;

/** Infisical with a project `shop`, filled by the test, for as long as the test lasts. */
export async function withInfisical<T>(
  { role = 'viewer', ...options }: Options,
  fill: (server: InfisicalEmulator) => void,
  test: (server: InfisicalEmulator) => Promise<T>,
): Promise<T> {
  const server = await InfisicalEmulator.start(options);
  try {
    server.addProject({ slug: 'shop', id: infisicalProjectId, environments: ['dev', 'prod'] });
    fill(server);
    server.addMachineIdentity({
      name: 'task',
      tokenAuth: { accessToken: 'an-access-token' },
      projects: { shop: role },
    });
    return await test(server);
  } finally {
    await server.close();
  }
}

/** What the task would sync of a folder, read over real HTTP and merged. @throws SyncError */
export async function readFolder(
  { url }: { url: string },
  given: Partial<Folder> = {},
): Promise<MergedSource> {
  const clock = new FakeClock();
  const folder: Folder = {
    project: { kind: 'id', text: infisicalProjectId },
    environment: 'dev',
    secretPath: '/',
    recursive: false,
    includeImports: true,
    expandSecretReferences: true,
    tags: [],
    ...given,
  };
  const connection: InfisicalConnection = {
    id: 'connection',
    organizationSlug: '',
    requestHeaders: [],
    baseUrl: url,
    auth: { kind: 'token', accessToken: new SecretValue('an-access-token') },
  };
  const http = new HttpClient({
    clock,
    network: directNetwork,
    cancelled: never,
    writeCutOff: never,
    trace: () => undefined,
  });
  const api = new InfisicalApi(connection, http);
  const session = new InfisicalSession(connection, {
    api,
    mask: () => undefined,
    oidcToken: () => Promise.reject(new Error('not asked for')),
    azureToken: () => Promise.reject(new Error('not asked for')),
  });
  const needsTags = folder.tags.length > 0;
  const source = new InfisicalSource({ connection, api, session, folder, needsTags });
  return mergeSource(await source.read(), folder);
}

export function valuesOf({ secrets }: MergedSource): Record<string, string> {
  return Object.fromEntries(secrets.map(({ key, value }) => [key, value.reveal()]));
}
