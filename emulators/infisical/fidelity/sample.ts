import { InfisicalEmulator } from '../emulator.js';
import type { Role } from '../identities.js';
import { send, type Answered } from '../../replay/send.js';

export type StartOptions = Parameters<typeof InfisicalEmulator.start>[0];

export const clientId = '7c0d6f0e-3a4b-4c1d-9e2f-5a6b7c8d9e0f';
export const clientSecret = 'sample-client-secret';
export const projectId = '5f0c9a7e-1b2d-4e3f-8a9b-0c1d2e3f4a5b';
/** `dev` of project `shop`. */
export const dev = (path = '/'): { project: string; environment: string; path: string } => ({
  project: 'shop',
  environment: 'dev',
  path,
});

/** A server with two folders that overlap and are imported, a reference and a value of several lines. */
export async function aServer(options: StartOptions & { role?: Role } = {}): Promise<InfisicalEmulator> {
  const { role = 'viewer', ...given } = options;
  const emulator = await InfisicalEmulator.start(given);
  emulator.addProject({ slug: 'shop', id: projectId, environments: ['dev', 'prod'] });
  emulator.setSecret(dev(), 'HOST', 'db.internal');
  emulator.setSecret(dev(), 'URL', 'db://${HOST}/${dev.api.NAME}');
  emulator.setSecret(dev(), 'PEM', 'line one\nline two\n');
  emulator.setSecret(dev('/api'), 'NAME', 'orders');
  emulator.setSecret(dev('/first'), 'BOTH', 'first');
  emulator.setSecret(dev('/second'), 'BOTH', 'second');
  emulator.setSecret(dev('/second'), 'HOST', 'imported-host');
  emulator.addImport(dev(), { environment: 'dev', path: '/first' });
  emulator.addImport(dev(), { environment: 'dev', path: '/second' });
  emulator.addMachineIdentity({
    name: 'sample',
    universalAuth: { clientId, clientSecret },
    tokenAuth: { accessToken: 'sample-access-token' },
    projects: { shop: role },
  });
  return emulator;
}

/** Starts a server for a test and stops it whatever comes. */
export async function withServer(
  options: StartOptions & { role?: Role },
  test: (server: InfisicalEmulator) => Promise<void>,
): Promise<void> {
  const server = await aServer(options);
  try {
    await test(server);
  } finally {
    await server.close();
  }
}

export interface Listed {
  secretKey: string;
  secretValue: string;
  [field: string]: unknown;
}

export interface List {
  secrets: Listed[];
  imports: { secretPath: string; environment: string; folderId?: string; secrets: Listed[] }[];
}

/** A GET with the sample's access token. */
export function get(
  { url }: { url: string },
  target: string,
  headers: Record<string, string> = {},
): Promise<Answered> {
  return send(url, {
    method: 'GET',
    target,
    headers: { authorization: 'Bearer sample-access-token', ...headers },
  });
}

export function post(
  { url }: { url: string },
  target: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  return send(url, {
    method: 'POST',
    target,
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

export function login(
  server: { url: string },
  parts: { secret?: string; id?: string; from?: string; organizationSlug?: string } = {},
): Promise<Answered> {
  const { organizationSlug } = parts;
  const body = {
    clientId: parts.id ?? clientId,
    clientSecret: parts.secret ?? clientSecret,
    ...(organizationSlug === undefined ? {} : { organizationSlug }),
  };
  return post(server, '/api/v1/auth/universal-auth/login', body, {
    'x-forwarded-for': parts.from ?? '192.0.2.7',
  });
}

export function listTarget(version: 3 | 4, query: Record<string, string> = {}): string {
  const project = version === 4 ? { projectId } : { workspaceId: projectId };
  const search = new URLSearchParams({ ...project, environment: 'dev', ...query });
  return `/api/${version === 4 ? 'v4/secrets' : 'v3/secrets/raw'}?${search.toString()}`;
}

/** Names and values of the listed secrets, sorted by name. */
export function valuesOf(rows: readonly Listed[]): Record<string, string> {
  const sorted = rows.toSorted((a, b) => (a.secretKey < b.secretKey ? -1 : 1));
  return Object.fromEntries(sorted.map(({ secretKey, secretValue }) => [secretKey, secretValue]));
}

/** What a refusal says, without its request ID. */
export function refusalOf({ status, body }: Answered): [number, string, unknown] {
  const { error, message } = body as { error: string; message: unknown };
  return [status, error, message];
}

export const listOf = ({ body }: Answered): List => body as List;

/** Names of the listed secrets, sorted. */
export const keysOf = (answer: Answered): string[] =>
  listOf(answer)
    .secrets.map(({ secretKey }) => secretKey)
    .sort();
