import { randomUUID } from 'node:crypto';
import type { Match } from '../http-faults.js';
import { LoopbackServer, type Answer, type Logged, type Received } from '../loopback-server.js';
import { notFound } from './errors.js';
import { serveGroups, type World } from './groups.js';
import { serviceTime, type SentVariable, type StoredGroup } from './group-store.js';
import { identityOf, refuseCredentials, type Identity } from './identities.js';
import { servePermissions, type Permissions } from './permissions.js';
import { projectOf, shownProject, type Project } from './projects.js';
import { apiVersion, type Profile } from './versions.js';

export interface GroupView {
  id: number;
  name: string;
  description: string;
  type: string;
  modifiedOn: string;
  providerData: unknown;
}

/** Azure DevOps, as far as variable groups go. See README.md. */
export class AzureDevOpsEmulator {
  readonly organization: string;
  readonly #profile: Profile;
  readonly #now: () => number;
  readonly #projects: Project[] = [];
  readonly #identities: Identity[] = [];
  readonly #groups = new Map<number, StoredGroup>();
  readonly #permissions = new Map<string, Permissions>();
  readonly #before = new Map<number, StoredGroup>();
  #lag = 0;
  #lastId = 0;
  #lastMs = 0;
  #server: LoopbackServer | undefined;

  private constructor(options: { profile: Profile; organization: string; now: () => number }) {
    this.#profile = options.profile;
    this.organization = options.organization;
    this.#now = options.now;
  }

  static async start(
    options: { profile?: Profile; organization?: string; now?: () => number } = {},
  ): Promise<AzureDevOpsEmulator> {
    const emulator = new AzureDevOpsEmulator({
      profile: 'services',
      organization: 'example-org',
      now: () => Date.now(),
      ...options,
    });
    emulator.#server = await LoopbackServer.start((received) => emulator.#serve(received));
    return emulator;
  }

  get collectionUrl(): string {
    return `${this.#running.origin}/${this.organization}/`;
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

  addProject(project: { name: string; id?: string }): Project {
    const added = { id: project.id ?? randomUUID(), name: project.name };
    this.#projects.push(added);
    return added;
  }

  addIdentity(identity: { name: string } & Partial<Omit<Identity, 'id' | 'name'>>): Identity {
    const added: Identity = {
      id: randomUUID(),
      expired: false,
      projects: 'all',
      library: 'administrator',
      groupRoles: {},
      mayAuthorize: true,
      ...identity,
    };
    this.#identities.push(added);
    return added;
  }

  addGroup(group: {
    project: string;
    name: string;
    description?: string;
    type?: string;
    providerData?: unknown;
    variables: Record<string, string | (SentVariable & { extra?: Record<string, unknown> })>;
  }): { id: number } {
    const id = this.#nextId();
    const now = this.#time();
    this.#groups.set(id, {
      id,
      projectId: this.#project(group.project).id,
      type: group.type ?? 'Vsts',
      name: group.name,
      description: group.description,
      providerData: group.providerData,
      variables: new Map(
        Object.entries(group.variables).map(([name, variable]) => [name, storedVariable(variable)]),
      ),
      createdOn: now,
      modifiedOn: now,
      modifiedBy: { id: randomUUID(), displayName: 'Test User' },
    });
    return { id };
  }

  /** A group as it is stored, without its variables. */
  group(project: string, name: string): GroupView | undefined {
    const group = this.#find(project, name);
    if (group === undefined) return undefined;
    const { id, type, modifiedOn, providerData, description } = group;
    return { id, name: group.name, type, modifiedOn, providerData, description: description ?? '' };
  }

  /** The variables of a group with the values of secrets, which no client ever sees. */
  variables(
    project: string,
    name: string,
  ): Record<string, { value: string | null; isSecret: boolean; isReadOnly: boolean }> {
    const variables = this.#find(project, name)?.variables ?? new Map<string, never>();
    return Object.fromEntries(
      [...variables].map(([key, { value, isSecret, isReadOnly }]) => [key, { value, isSecret, isReadOnly }]),
    );
  }

  /** An edit by hand: the group changes and its time of change too. */
  editGroup(project: string, name: string, edit: (group: StoredGroup) => void): void {
    const group = this.#find(project, name);
    if (group === undefined) throw new Error(`no group ${name} in ${project}`);
    edit(group);
    // Two writes of the service may share a step of 1/300 s; a person is never that fast.
    this.#lastMs += 4;
    group.modifiedOn = this.#time();
  }

  deleteGroup(project: string, name: string): void {
    const group = this.#find(project, name);
    if (group !== undefined) this.#groups.delete(group.id);
  }

  /** Runs something just before a matching request is handled. */
  before(match: Match & { times?: number }, run: () => void): void {
    this.#running.faults.addHook(match, run);
  }

  /** The next so many reads after a write show the state before it. */
  lagReads(count: number): void {
    this.#lag = count;
  }

  authorizedPipelines(project: string, name: string): { all: boolean; pipelines: number[] } {
    const id = this.#find(project, name)?.id ?? 0;
    const { all, pipelines } = this.#permissionsOf(String(id));
    return { all, pipelines: [...pipelines] };
  }

  get #running(): LoopbackServer {
    if (this.#server === undefined) throw new Error('the emulator is not started');
    return this.#server;
  }

  #serve(received: Received): Answer {
    const identity = identityOf(received, this.#identities);
    if (identity === undefined || identity.expired) return refuseCredentials(received, identity);
    return { ...this.#route(received, identity), identity: identity.name };
  }

  #route(received: Received, identity: Identity): Answer {
    const [organization, ...rest] = received.path.split('/').slice(1);
    if (organization !== this.organization) return notFound(received.path);
    const apis = rest.indexOf('_apis');
    if (apis === -1 || apis > 1) return notFound(received.path);
    const project = apis === 1 ? projectOf(rest[0] ?? '', this.#projects, identity) : undefined;
    if (project !== undefined && 'status' in project) return project;
    const resource = rest.slice(apis + 1).join('/');
    return this.#serveResource(resource, received, { identity, project });
  }

  #serveResource(
    resource: string,
    received: Received,
    { identity, project }: { identity: Identity; project: Project | undefined },
  ): Answer {
    const groupRoute = /^distributedtask\/variablegroups(?:\/(\d+))?\/?$/i.exec(resource);
    const permissionRoute = /^pipelines\/pipelinepermissions\/variablegroup\/(\d+)$/i.exec(resource);
    const projectRoute = /^projects\/([^/]+)$/i.exec(resource);
    const isOld = this.#profile === 'server-2019';
    if (groupRoute !== null && !(project === undefined && isOld)) {
      const version = apiVersion(received, this.#profile, (number) => number < 7 || number > 7.1);
      if ('status' in version) return version;
      const id = groupRoute[1] === undefined ? undefined : Number(groupRoute[1]);
      return serveGroups({ received, version, identity, project, id }, this.#world());
    }
    if (permissionRoute !== null && project !== undefined && !isOld) {
      const version = apiVersion(received, this.#profile, () => true);
      if ('status' in version) return version;
      const groupId = permissionRoute[1] ?? '';
      return servePermissions(received, {
        groupId,
        permissions: this.#permissionsOf(groupId),
        identity,
        version: version.text,
      });
    }
    if (projectRoute !== null && project === undefined) {
      const version = apiVersion(received, this.#profile, () => false);
      if ('status' in version) return version;
      const found = projectOf(projectRoute[1] ?? '', this.#projects, identity);
      return 'status' in found ? found : shownProject(found, version.text);
    }
    return notFound(received.path);
  }

  #world(): World {
    return {
      groups: this.#groups,
      projectById: (id) => this.#projects.find((project) => project.id === id),
      nextId: () => this.#nextId(),
      now: () => this.#time(),
      beforeChange: (group) => {
        this.#before.set(group.id, { ...group, variables: new Map(group.variables) });
      },
      asRead: (group) => {
        const before = this.#before.get(group.id);
        if (this.#lag === 0 || before === undefined) return group;
        this.#lag -= 1;
        return before;
      },
      hasReferences: this.#profile !== 'server-2019',
    };
  }

  #project(name: string): Project {
    const project = this.#projects.find((candidate) => candidate.name === name);
    if (project === undefined) throw new Error(`no project ${name}`);
    return project;
  }

  #find(project: string, name: string): StoredGroup | undefined {
    const { id } = this.#project(project);
    return [...this.#groups.values()].find((group) => group.projectId === id && group.name === name);
  }

  #permissionsOf(groupId: string): Permissions {
    const permissions = this.#permissions.get(groupId) ?? { all: false, pipelines: new Set() };
    this.#permissions.set(groupId, permissions);
    return permissions;
  }

  /** Never goes back, also when an edit by hand has pushed it on. */
  #time(): string {
    this.#lastMs = Math.max(this.#lastMs, this.#now());
    return serviceTime(this.#lastMs);
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

function storedVariable(variable: string | (SentVariable & { extra?: Record<string, unknown> })) {
  const sent = typeof variable === 'string' ? { value: variable } : variable;
  return {
    value: sent.value ?? null,
    isSecret: sent.isSecret === true,
    isReadOnly: sent.isReadOnly === true,
    extra: 'extra' in sent ? (sent.extra ?? {}) : {},
  };
}
