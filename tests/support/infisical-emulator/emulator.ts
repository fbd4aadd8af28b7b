import { randomUUID } from 'node:crypto';
import { LoopbackServer, type Answer, type Logged, type Received } from '../loopback-server.js';
import { failure, isOld, json, unknownRoute, webInterface, type Profile } from './answers.js';
import { Auth } from './auth.js';
import type { IssuedToken, MachineIdentity, Role } from './identities.js';
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
  readonly #options: Options;
  readonly #projects: Project[] = [];
  readonly #auth: Auth;
  #server: LoopbackServer | undefined;

  private constructor(options: Options) {
    this.#options = options;
    this.#auth = new Auth(options);
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

  /** Every token that a login gave, with whether it was revoked. */
  get tokens(): IssuedToken[] {
    return this.#auth.tokens;
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
    this.#auth.identities.push(identity);
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
      return this.#auth.login(received);
    if (path === '/api/v1/auth/token/revoke' && received.method === 'POST')
      return this.#auth.revoke(received);
    if (received.method !== 'GET' || !this.#knows(path)) return unknownRoute(this.#options.profile, received);
    const identity = this.#auth.identityOf(received);
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

/** Values are trimmed on write; one line break at the end stays (recorded in 2024). */
function trimmedAsOnWrite(value: string): string {
  const trimmed = value.trim();
  return trimmed !== '' && /\n$/.test(value) ? `${trimmed}\n` : trimmed;
}
