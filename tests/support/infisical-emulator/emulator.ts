import { randomUUID } from 'node:crypto';
import { LoopbackServer, type Answer, type Logged, type Received } from '../loopback-server.js';
import { failure, isOld, json, unknownRoute, webInterface, type Profile } from './answers.js';
import { issueToken, Lockout, type IssuedToken, type MachineIdentity, type Role } from './identities.js';
import { listSecrets } from './listing.js';
import { Project } from './store.js';

interface Options {
  profile: Profile;
  permission: 'node' | 'go';
  basePath: string;
  now: () => number;
}

/** Infisical, as far as machine identities read secrets. See README.md. */
export class InfisicalEmulator {
  readonly tokens: IssuedToken[] = [];
  readonly #options: Options;
  readonly #projects: Project[] = [];
  readonly #identities: MachineIdentity[] = [];
  readonly #lockout = new Lockout();
  #server: LoopbackServer | undefined;

  private constructor(options: Options) {
    this.#options = options;
  }

  static async start(options: Partial<Options> = {}): Promise<InfisicalEmulator> {
    const emulator = new InfisicalEmulator({
      profile: 'v4-2026',
      permission: 'node',
      basePath: '',
      now: () => Date.now(),
      ...options,
    });
    emulator.#server = await LoopbackServer.start((received) => emulator.#serve(received));
    return emulator;
  }

  get url(): string {
    return `${this.#running.origin}${this.#options.basePath}`;
  }

  get requests(): Logged[] {
    return this.#running.requests;
  }

  get faults(): LoopbackServer['faults'] {
    return this.#running.faults;
  }

  close(): Promise<void> {
    return this.#running.close();
  }

  addProject(project: { slug: string; id?: string; environments: readonly string[] }): Project {
    const added = new Project(project);
    this.#projects.push(added);
    return added;
  }

  /** Sets a secret in `/path` of an environment; the folder is made when it is missing. Values are trimmed as on write. */
  setSecret(
    place: { project: string; environment: string; path?: string },
    key: string,
    value: string,
    options: { tags?: string[]; comment?: string } = {},
  ): void {
    const { secrets } = this.#project(place.project).addFolder(place.environment, place.path ?? '/');
    const before = secrets.get(key);
    secrets.set(key, {
      id: before?.id ?? randomUUID(),
      key,
      value: trimmedAsOnWrite(value),
      comment: options.comment ?? '',
      tags: options.tags ?? [],
      version: (before?.version ?? 0) + 1,
    });
  }

  deleteSecret(place: { project: string; environment: string; path?: string }, key: string): void {
    this.#project(place.project)
      .folder(place.environment, place.path ?? '/')
      ?.secrets.delete(key);
  }

  addImport(
    place: { project: string; environment: string; path?: string },
    source: { environment: string; path: string },
  ): void {
    this.#project(place.project)
      .addFolder(place.environment, place.path ?? '/')
      .imports.push(source);
  }

  addMachineIdentity(
    identity: Omit<MachineIdentity, 'projects'> & { projects: Record<string, Role> },
  ): MachineIdentity {
    this.#identities.push(identity);
    return identity;
  }

  get #running(): LoopbackServer {
    if (this.#server === undefined) throw new Error('the emulator is not started');
    return this.#server;
  }

  #project(slug: string): Project {
    const project = this.#projects.find((candidate) => candidate.slug === slug);
    if (project === undefined) throw new Error(`no project ${slug}`);
    return project;
  }

  #serve(received: Received): Answer {
    const { basePath } = this.#options;
    if (!received.path.startsWith(`${basePath}/api/`)) return webInterface;
    const path = received.path.slice(basePath.length).replace(/(.)\/$/, '$1');
    if (path === '/api/v1/auth/universal-auth/login' && received.method === 'POST')
      return this.#login(received);
    if (path === '/api/v1/auth/token/revoke' && received.method === 'POST') return this.#revoke(received);
    if (received.method !== 'GET' || !this.#knows(path)) return unknownRoute(this.#options.profile, received);
    const identity = this.#identityOf(received);
    if ('status' in identity) return identity;
    return { ...this.#read(path, received, identity), identity: identity.name };
  }

  #knows(path: string): boolean {
    const { profile } = this.#options;
    if (path === '/api/v4/secrets') return profile === 'v4-2026' || profile === 'v4-2025';
    if (path.startsWith('/api/v1/projects/slug/')) return !isOld(profile);
    return (
      path === '/api/v3/secrets/raw' ||
      path === '/api/v1/secret-imports' ||
      /^\/api\/v2\/workspace\/[^/]+$/.test(path)
    );
  }

  #read(path: string, received: Received, identity: MachineIdentity): Answer {
    if (path === '/api/v4/secrets') return this.#list(received, identity, 4);
    if (path === '/api/v3/secrets/raw') return this.#list(received, identity, 3);
    if (path === '/api/v1/secret-imports') return this.#imports(received, identity);
    const slug = decodeURIComponent(path.split('/').at(-1) ?? '');
    const project = this.#projects.find((candidate) => candidate.slug === slug);
    if (project === undefined) return this.#noProject(`No project found with slug ${slug}`);
    return (
      this.#refuseStranger(identity, project) ??
      json(200, { id: project.id, _id: project.id, slug, name: slug })
    );
  }

  #list(received: Received, identity: MachineIdentity, version: 3 | 4): Answer {
    const { query } = received;
    const { profile, permission } = this.#options;
    const flags = flagsOf(query, profile, version);
    if (flags === undefined)
      return failure(profile, 422, { error: 'ValidationFailure', message: [{ code: 'invalid_enum_value' }] });
    const id = query.get(version === 4 ? 'projectId' : 'workspaceId');
    const slug = version === 3 ? query.get('workspaceSlug') : null;
    const environment = query.get('environment');
    if ((id === null && slug === null) || environment === null) {
      return failure(profile, 400, { error: 'BadRequest', message: 'Missing project id or environment' });
    }
    const project = this.#projects.find((candidate) =>
      id === null ? candidate.slug === slug : candidate.id === id,
    );
    if (project === undefined) return this.#noProject(`Project with ID '${id ?? ''}' not found`);
    const stranger = this.#refuseStranger(identity, project);
    if (stranger !== undefined) return stranger;
    const path = (query.get('secretPath') ?? '/').replace(/(.)\/$/, '$1');
    const role = identity.projects[project.slug] ?? 'no-access';
    return listSecrets({ profile, permission, project, role, environment, path, ...flags });
  }

  /** The one route of old servers that tells an empty folder from one that is not there. */
  #imports({ query }: Received, identity: MachineIdentity): Answer {
    const { profile } = this.#options;
    const project = this.#projects.find(({ id }) => id === query.get('workspaceId'));
    if (project === undefined) return this.#noProject('Project not found');
    const folder = project.folder(query.get('environment') ?? '', query.get('path') ?? '/');
    if (folder === undefined)
      return failure(profile, 400, { error: 'Get imports', message: 'Folder not found' });
    return (
      this.#refuseStranger(identity, project) ??
      json(200, { message: 'Successfully fetched secret imports', secretImports: [] })
    );
  }

  #login(received: Received): Answer {
    const { profile, now } = this.#options;
    const sent = bodyOf(received);
    const clientId = sent['clientId']?.trim() ?? '';
    const clientSecret = sent['clientSecret']?.trim();
    const refused = (status: number, error: string, message: string): Answer =>
      failure(profile, status, { error, message });
    if (clientSecret === undefined) {
      return failure(profile, 422, {
        error: 'ValidationFailure',
        message: [{ code: 'invalid_type', path: ['clientSecret'] }],
      });
    }
    const identity = this.#identities.find(({ universalAuth }) => universalAuth?.clientId === clientId);
    if (identity?.universalAuth === undefined)
      return refused(401, 'UnauthorizedError', 'Invalid credentials');
    if (!isOld(profile) && this.#lockout.isLocked(clientId, now())) {
      return refused(
        401,
        'UnauthorizedError',
        'This identity auth method is temporarily locked, please try again later',
      );
    }
    if (identity.universalAuth.clientSecret !== clientSecret) {
      this.#lockout.noteFailure(clientId, now());
      return refused(401, 'UnauthorizedError', 'Invalid credentials');
    }
    this.#lockout.clear(clientId);
    switch (identity.universalAuth.state) {
      case 'expired':
        return refused(401, 'UnauthorizedError', 'Access denied due to expired client secret');
      case 'used up':
        return refused(401, 'UnauthorizedError', 'Access denied due to client secret usage limit reached');
      case 'ip denied':
        return refused(
          403,
          'ForbiddenError',
          'You are not allowed to access this resource from the current IP address',
        );
      default: {
        const token = issueToken(identity, now());
        this.tokens.push(token);
        return json(200, {
          accessToken: token.text,
          expiresIn: 7200,
          accessTokenMaxTTL: 7200,
          tokenType: 'Bearer',
        });
      }
    }
  }

  #revoke(received: Received): Answer {
    const { profile } = this.#options;
    const text = bodyOf(received)['accessToken'];
    const token = this.tokens.find((issued) => issued.text === text && !issued.revoked);
    if (token === undefined)
      return failure(profile, 401, {
        error: 'UnauthorizedError',
        message: 'Failed to authorize: token has been revoked',
      });
    token.revoked = true;
    return json(200, { message: 'Successfully revoked access token' });
  }

  #identityOf(received: Received): MachineIdentity | Answer {
    const { profile, now } = this.#options;
    const text = /^Bearer (.+)$/i.exec(received.headers.authorization ?? '')?.[1];
    if (text === undefined)
      return failure(profile, 401, { error: 'UnauthorizedError', message: 'Token missing' });
    const own = this.#identities.find(({ tokenAuth }) => tokenAuth?.accessToken === text);
    if (own !== undefined) return own;
    const token = this.tokens.find((issued) => issued.text === text);
    if (token === undefined) return malformedToken(profile);
    if (token.revoked)
      return failure(profile, 401, {
        error: 'UnauthorizedError',
        message: 'Failed to authorize: token has been revoked',
      });
    if (now() >= token.expiresAtMs) return expiredToken(profile);
    return token.identity;
  }

  #noProject(message: string): Answer {
    const { profile } = this.#options;
    return isOld(profile)
      ? failure(profile, 400, { error: 'BadRequest', message: 'Project not found during bot lookup.' })
      : failure(profile, 404, { error: 'NotFound', message });
  }

  #refuseStranger(identity: MachineIdentity, project: Project): Answer | undefined {
    if (identity.projects[project.slug] !== undefined) return undefined;
    const { profile } = this.#options;
    const error = isOld(profile)
      ? 'Identity not in project'
      : `Identity is not a member of the specified project with ID '${project.id}'`;
    return failure(profile, 403, { error, message: 'You are not allowed to access this resource' });
  }
}

function malformedToken(profile: Profile): Answer {
  if (isOld(profile))
    return failure(profile, 500, { error: 'Internal Server Error', message: 'jwt malformed' });
  const message =
    'The provided access token is malformed. Please use a valid token or generate a new one and try again.';
  return failure(profile, 403, { error: 'TokenError', message });
}

function expiredToken(profile: Profile): Answer {
  if (isOld(profile))
    return failure(profile, 500, { error: 'Internal Server Error', message: 'jwt expired' });
  return failure(profile, 403, {
    error: 'TokenError',
    message: 'Your token has expired. Please re-authenticate.',
  });
}

/** Flags with the names and defaults of the version; undefined when one is neither `true` nor `false`. */
function flagsOf(query: URLSearchParams, profile: Profile, version: 3 | 4) {
  const isNew = version === 4 && profile === 'v4-2026';
  const read = (name: string, byDefault: boolean): boolean | undefined => {
    const text = query.get(name);
    if (text === null) return byDefault;
    return text === 'true' || text === 'false' ? text === 'true' : undefined;
  };
  const recursive = read('recursive', false);
  const imports = isNew ? read('includeImports', true) : read('include_imports', false);
  const expand = read('expandSecretReferences', isNew);
  const viewValue = isOld(profile) ? true : read('viewSecretValue', true);
  if (recursive === undefined || imports === undefined || expand === undefined || viewValue === undefined)
    return undefined;
  return { recursive, imports, expand, viewValue };
}

/** Login and revoke take JSON and forms. */
function bodyOf({ headers, body }: Received): Record<string, string | undefined> {
  if (/x-www-form-urlencoded/.test(headers['content-type'] ?? ''))
    return Object.fromEntries(new URLSearchParams(body));
  try {
    return JSON.parse(body) as Record<string, string>;
  } catch {
    return {};
  }
}

/** Values are trimmed on write; one line break at the end stays (recorded in 2024). */
function trimmedAsOnWrite(value: string): string {
  const trimmed = value.trim();
  return trimmed !== '' && /\n$/.test(value) ? `${trimmed}\n` : trimmed;
}
