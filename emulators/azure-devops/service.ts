import { randomUUID } from 'node:crypto';
import type { StoredDefinition, StoredQueue } from './definition-store.js';
import type { EntraKeys } from './entra-sign-in.js';
import { serviceTime, type StoredGroup } from './group-store.js';
import type { Identity } from './identities.js';
import type { IncomingWebhook } from './incoming-webhooks.js';
import { TokenIssuer, type Job, type ServiceConnection } from './oidc-tokens.js';
import type { Permissions } from './permissions.js';
import type { Project } from './projects.js';
import type { Run } from './runs.js';
import { defaultSwitches, type Switches } from './switches.js';
import type { Throttle } from './throttling.js';
import type { Profile } from './versions.js';
import type { YamlPipeline } from './yaml-pipelines.js';

/** How long a person takes at least from one look at a group to the end of an edit. */
const byHandMs = 10_000;

/** The hosts that a service names in its answers; all are the emulator's own address unless told otherwise. */
export type Host = 'main' | 'vsrm' | 'vssps' | 'vstoken' | 'login' | 'identities';

export interface ServiceOptions {
  profile?: Profile;
  /** The first part of the path; on a server it may have several, such as `tfs/DefaultCollection`. */
  organization?: string;
  now?: () => number;
  /** The ID of the first variable group, definition and so on. */
  firstId?: number;
  instanceId?: string;
  deploymentId?: string;
  tenant?: string;
  /** Whose tokens of service principals count. */
  entra?: EntraKeys;
  /** What a refusal names as the place that a password is for. */
  realm?: string;
  origins?: Partial<Record<Host, string>>;
  switches?: Partial<Switches>;
}

/** Everything an emulated organization knows. The handlers read and change it; tests do by the emulator's methods. */
export class Service {
  readonly profile: Profile;
  readonly organization: string;
  readonly now: () => number;
  readonly instanceId: string;
  readonly deploymentId: string;
  readonly tenant: string;
  readonly realm: string;
  readonly switches: Switches;
  readonly projects: Project[] = [];
  readonly identities: Identity[] = [];
  readonly groups = new Map<number, StoredGroup>();
  readonly permissions = new Map<number, Permissions>();
  readonly definitions = new Map<number, StoredDefinition>();
  readonly queues = new Map<number, StoredQueue>();
  readonly connections: ServiceConnection[] = [];
  readonly jobs: Job[] = [];
  /** Every token that a job was given. */
  readonly oidcTokens: string[] = [];
  /** Whose tokens of service principals count; nobody's unless said. */
  readonly entra: EntraKeys | undefined;
  readonly incomingWebhooks: IncomingWebhook[] = [];
  readonly yamlPipelines: YamlPipeline[] = [];
  readonly runs: Run[] = [];
  readonly throttles = new Map<string, Throttle>();
  readonly issuer = new TokenIssuer();
  /** Why the organization is stopped, if it is. */
  stopped: string | undefined;
  /** So many reads still show the state before the last write. */
  lag = 0;
  ownOrigin = '';
  /** Where clients find it, when something stands before it; issuers of tokens are elsewhere, in the public cloud. */
  frontOrigin: string | undefined;
  readonly #origins: Partial<Record<Host, string>>;
  readonly #beforeWrite = new Map<number, StoredGroup | undefined>();
  readonly #lastIds = new Map<string, number>();
  readonly #firstId: number;
  #lastMs = 0;
  #byHandMs = 0;

  constructor(options: ServiceOptions) {
    this.profile = options.profile ?? 'services';
    this.organization = options.organization ?? 'example-org';
    this.now = options.now ?? (() => Date.now());
    this.instanceId = options.instanceId ?? randomUUID();
    this.deploymentId = options.deploymentId ?? randomUUID();
    this.tenant = options.tenant ?? randomUUID();
    this.realm = options.realm ?? 'https://app.visualstudio.com/';
    this.switches = { ...defaultSwitches, ...options.switches };
    this.entra = options.entra;
    this.#origins = options.origins ?? {};
    this.#firstId = options.firstId ?? 1;
  }

  get organizationUrl(): string {
    return `${this.origin('main')}/${this.organization}/`;
  }

  origin(host: Host): string {
    const isIssuer = host === 'vstoken' || host === 'login';
    return this.#origins[host] ?? (isIssuer ? undefined : this.frontOrigin) ?? this.ownOrigin;
  }

  projectById(id: string): Project | undefined {
    return this.projects.find((project) => project.id === id);
  }

  projectNamed(name: string): Project {
    const project = this.projects.find((candidate) => candidate.name === name);
    if (project === undefined) throw new Error(`no project ${name}`);
    return project;
  }

  groupNamed(project: string, name: string): StoredGroup | undefined {
    const { id } = this.projectNamed(project);
    return [...this.groups.values()].find((group) => group.projectId === id && group.name === name);
  }

  permissionsOf(groupId: number): Permissions {
    const permissions = this.permissions.get(groupId) ?? { all: false, pipelines: new Set() };
    this.permissions.set(groupId, permissions);
    return permissions;
  }

  /** Each kind of thing is numbered on its own. */
  nextId(kind: 'group' | 'definition'): number {
    const id = (this.#lastIds.get(kind) ?? this.#firstId - 1) + 1;
    this.#lastIds.set(kind, id);
    return id;
  }

  /** The time of a write, which never goes back. */
  time(digits?: number): string {
    this.#lastMs = Math.max(this.#lastMs, this.#nowMs);
    return serviceTime(this.#lastMs, digits);
  }

  /** The time of an edit by a person, who has opened the page, typed and saved: long after whatever was before. */
  laterTime(digits?: number): string {
    this.#byHandMs += byHandMs;
    return this.time(digits);
  }

  /** The time of an answer, in whole seconds. The web server that gives it has a clock of its own. */
  date(): string {
    return new Date(Math.max(this.#lastMs, this.#nowMs) - this.switches.webClockBehindMs).toUTCString();
  }

  /** What people did has taken its time. */
  get #nowMs(): number {
    return this.now() + this.#byHandMs;
  }

  /** Keeps a group as it was before a write; undefined for one that the write creates. */
  remember(id: number, group: StoredGroup | undefined): void {
    this.#beforeWrite.set(
      id,
      group === undefined ? undefined : { ...group, variables: new Map(group.variables) },
    );
  }

  /** The group as a read sees it now; possibly as it was before the last write, or not there yet. */
  asRead(group: StoredGroup): StoredGroup | undefined {
    if (this.lag === 0 || !this.#beforeWrite.has(group.id)) return group;
    this.lag -= 1;
    return this.#beforeWrite.get(group.id);
  }
}
