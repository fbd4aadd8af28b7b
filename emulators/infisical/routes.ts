import type { Answer } from '../loopback/loopback-server.js';
import { isOld, isRecorded2026, json, Refused, type Profile } from './answers.js';
import { azureAuth } from './azure-auth.js';
import { listFolders, listImports } from './folders.js';
import { listAsIn2024 } from './listing-2024.js';
import { listAsToday } from './listing.js';
import { listQueryOf } from './list-query.js';
import { Lockout } from './lockout.js';
import { renew, revoke } from './logins.js';
import { oidcAuth } from './oidc-auth.js';
import { projectAs, projectsAs } from './projects.js';
import type { LimitKind } from './rate-limiter.js';
import type { Call, Server } from './server.js';
import { listSyncs, syncById, syncByName } from './secret-syncs.js';
import { secretByName } from './single-secret.js';
import { universalAuth } from './universal-auth.js';
import { createFolder, createImport, createSecret, deleteSecret, encryptedSecret } from './writes.js';

export interface Route {
  method: string;
  /** With `:name` where a part of the path is a parameter. */
  path: string;
  /** Undefined: not counted. */
  kind: LimitKind | undefined;
  /** Who may call it: anybody, whoever has a token, or only people. */
  who: 'anybody' | 'token' | 'people';
  handle: (call: Call, server: Server) => Answer | Promise<Answer>;
}

/** The routes that a profile knows. */
export function routesOf(profile: Profile): Route[] {
  return [
    ...logins(),
    ...secrets(),
    ...browsing(isOld(profile) ? 'people' : 'token'),
    ...(isOld(profile) ? encrypted() : [...projectsOfToday(), ...syncs()]),
    ...(profile === 'v4-2026' || profile === 'v4-2025' ? secretsV4() : []),
  ];
}

export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | undefined {
  const parts = path.split('/');
  for (const route of routes) {
    const wanted = route.path.split('/');
    const isMatch = wanted.every((part, index) => part.startsWith(':') || part === parts[index]);
    if (!isMatch || wanted.length !== parts.length || !answers(route, method)) continue;
    const named = wanted.flatMap((part, index) =>
      part.startsWith(':') ? [[part.slice(1), decodeURIComponent(parts[index] ?? '')]] : [],
    );
    return { route, params: Object.fromEntries(named) as Record<string, string> };
  }
  return undefined;
}

function answers(route: Route, method: string): boolean {
  return route.method === method || (route.method === 'GET' && method === 'HEAD');
}

function logins(): Route[] {
  const login = (name: string, handle: Route['handle']): Route => ({
    method: 'POST',
    path: `/api/v1/auth/${name}`,
    kind: 'public',
    who: 'anybody',
    handle,
  });
  return [
    login('universal-auth/login', universalAuth(new Lockout())),
    login('oidc-auth/login', oidcAuth),
    login('azure-auth/login', azureAuth),
    login('token/renew', renew),
    login('token/revoke', revoke),
  ];
}

const get = (path: string, kind: LimitKind, handle: Route['handle']): Route => ({
  method: 'GET',
  path,
  kind,
  who: 'token',
  handle,
});

const write = (method: string, path: string, handle: Route['handle']): Route => ({
  method,
  path,
  kind: 'write',
  who: 'token',
  handle,
});

function list(version: 3 | 4): Route['handle'] {
  return (call, server) => {
    const query = listQueryOf(call, server, version);
    return isOld(server.options.profile) ? listAsIn2024(call, query) : listAsToday(call, server, query);
  };
}

function secrets(): Route[] {
  return [
    get('/api/v3/secrets/raw', 'secret', list(3)),
    get('/api/v3/secrets/raw/:secretName', 'secret', secretByName(3)),
    write('POST', '/api/v3/secrets/raw/:secretName', createSecret),
    write('DELETE', '/api/v3/secrets/raw/:secretName', deleteSecret),
  ];
}

function secretsV4(): Route[] {
  return [
    get('/api/v4/secrets', 'secret', list(4)),
    get('/api/v4/secrets/:secretName', 'secret', secretByName(4)),
  ];
}

function encrypted(): Route[] {
  const ciphertexts = ['Key', 'Value'].flatMap((what) =>
    ['Ciphertext', 'IV', 'Tag'].map((part) => `secret${what}${part}`),
  );
  const place = ['workspaceId', 'environment'];
  return [
    write('POST', '/api/v3/secrets/:secretName', encryptedSecret([...place, ...ciphertexts])),
    write('DELETE', '/api/v3/secrets/:secretName', encryptedSecret(place)),
  ];
}

function browsing(whoListsProjects: Route['who']): Route[] {
  return [
    { method: 'GET', path: '/api/status', kind: undefined, who: 'anybody', handle: status },
    { ...get('/api/v1/workspace', 'read', projectsAs('workspaces')), who: whoListsProjects },
    get('/api/v1/workspace/:id', 'read', projectAs('workspace', 'id')),
    get('/api/v2/workspace/:slug', 'read', projectAs('bare', 'slug')),
    get('/api/v1/identities/:id', 'read', ownIdentity),
    get('/api/v1/folders', 'read', listFolders(1)),
    get('/api/v1/secret-imports', 'read', listImports(1)),
    write('POST', '/api/v1/folders', createFolder),
    write('POST', '/api/v1/secret-imports', createImport),
  ];
}

function projectsOfToday(): Route[] {
  return [
    get('/api/v1/projects', 'read', projectsAs('projects')),
    get('/api/v1/projects/slug/:slug', 'read', projectAs('bare', 'slug')),
    get('/api/v1/projects/:id', 'read', projectAs('project', 'id')),
    get('/api/v2/folders', 'read', listFolders(2)),
    get('/api/v2/secret-imports', 'read', listImports(2)),
  ];
}

/** Servers of 2024 have other integrations. The word `sync-name` is no ID, so it comes first. */
function syncs(): Route[] {
  const base = '/api/v1/secret-syncs';
  return [
    get(base, 'read', listSyncs()),
    ...(['azure-devops', 'github'] as const).flatMap((destination) => [
      get(`${base}/${destination}`, 'read', listSyncs(destination)),
      get(`${base}/${destination}/sync-name/:name`, 'read', syncByName(destination)),
      get(`${base}/${destination}/:id`, 'read', syncById(destination)),
    ]),
  ];
}

function status(_call: Call, server: Server): Answer {
  return json(200, {
    date: new Date(server.options.now()).toISOString(),
    message: 'Ok',
    emailConfigured: false,
    inviteOnlySignup: true,
    redisConfigured: true,
    secretScanningConfigured: false,
    ...(isRecorded2026(server.options.profile)
      ? { auditLogStorageDisabled: false, maxIdentityAccessTokenTTL: 7_776_000 }
      : {}),
  });
}

/** Recorded: an identity may not even read itself. */
function ownIdentity(): Answer {
  throw new Refused(403, {
    error: 'PermissionDenied',
    message: 'You are not allowed to read on identity',
    details: [],
  });
}
