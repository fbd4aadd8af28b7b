import { randomUUID } from 'node:crypto';
import { LoopbackServer, type Answer, type Logged } from '../loopback/loopback-server.js';
import type { MachineIdentity, Role } from './identities.js';
import { Pipeline } from './pipeline.js';
import { newSecretSync, type NewSecretSync, type SecretSync } from './secret-syncs.js';
import type { Options, Server } from './server.js';
import {
  asStored,
  Project,
  type Folder,
  type Metadata,
  type NewProject,
  type StoredImport,
  type StoredSecret,
} from './store.js';
import { Tokens, type IssuedToken } from './tokens.js';
import { Webhooks } from './webhooks.js';

/** A folder; `/` unless said otherwise. */
export interface FolderPlace {
  project: string;
  environment: string;
  path?: string;
}

export interface SecretOptions {
  id?: string;
  tags?: string[];
  comment?: string;
  metadata?: Metadata[];
  skipMultilineEncoding?: boolean;
  isHoneyToken?: boolean;
  /** The name of a person whose own value this is. */
  personalOf?: string;
  createdAtMs?: number;
  updatedAtMs?: number;
  /** One more than before unless said otherwise. */
  version?: number;
  rank?: number;
}

/** Infisical, as far as machine identities read secrets. See README.md. */
export class InfisicalEmulator {
  readonly #state: Server;
  #server: LoopbackServer | undefined;

  private constructor(options: Options) {
    const tokens = new Tokens(options);
    const { now, webhookTimeoutMs: timeoutMs } = options;
    const webhooks = new Webhooks({ now, timeoutMs, project: (slug) => this.#project(slug) });
    this.#state = {
      options,
      projects: [],
      identities: [],
      tokens,
      webhooks,
      syncs: [],
      databaseIsDown: false,
    };
  }

  static async start(options: Partial<Options> = {}): Promise<InfisicalEmulator> {
    const emulator = new InfisicalEmulator({
      profile: 'v4-2026',
      permission: 'node',
      missingRef: undefined,
      basePath: '',
      siteUrl: undefined,
      rateLimit: false,
      webhookTimeoutMs: 15_000,
      now: () => Date.now(),
      ...options,
    });
    const pipeline = new Pipeline(emulator.#state);
    emulator.#server = await LoopbackServer.start((received): Promise<Answer> =>
      pipeline.answer(received, emulator.url),
    );
    return emulator;
  }

  get url(): string {
    return `${this.#running.origin}${this.#state.options.basePath}`;
  }

  get requests(): Logged[] {
    return this.#running.requests;
  }

  /** Every token that a login gave, with whether it was revoked. */
  get tokens(): IssuedToken[] {
    return this.#state.tokens.issued;
  }

  get faults(): LoopbackServer['faults'] {
    return this.#running.faults;
  }

  /** What a change sets off. */
  get webhooks(): Webhooks {
    return this.#state.webhooks;
  }

  /** While true, whatever needs the database is a 500. */
  set databaseIsDown(isDown: boolean) {
    this.#state.databaseIsDown = isDown;
  }

  close(): Promise<void> {
    return this.#running.close();
  }

  addProject(project: NewProject): Project {
    const added = new Project(project, this.#state.options.now);
    this.#state.projects.push(added);
    return added;
  }

  addFolder(place: FolderPlace, details: { id?: string; createdAtMs?: number } = {}): Folder {
    const folder = this.#project(place.project).addFolder(place.environment, place.path ?? '/', details.id);
    return Object.assign(folder, details);
  }

  /** Deletes a folder by force, whoever imports it. */
  deleteFolder({ project, environment, path = '/' }: FolderPlace): void {
    this.#project(project).deleteFolder(environment, path);
  }

  /** Lets secrets of another project refer to those of a folder. */
  shareFolder(place: FolderPlace, withProject: string): void {
    this.addFolder(place).sharedWith.add(withProject);
  }

  /** Sets a secret; its folder is made when it is missing. Values are trimmed as on write. */
  setSecret(place: FolderPlace, key: string, value: string, options: SecretOptions = {}): StoredSecret {
    const folder = this.addFolder(place);
    const secrets = options.personalOf === undefined ? folder.secrets : personal(folder, options.personalOf);
    const before = secrets.get(key);
    const stored = asStored(value);
    const nowMs = this.#state.options.now();
    const secret: StoredSecret = {
      id: before?.id ?? randomUUID(),
      version: (before?.version ?? 0) + 1,
      createdAtMs: before?.createdAtMs ?? nowMs,
      updatedAtMs: nowMs,
      comment: '',
      tags: [],
      metadata: [],
      skipMultilineEncoding: false,
      ...options,
      key,
      value: stored,
      first: before?.first ?? stored,
    };
    secrets.set(key, secret);
    if (options.personalOf === undefined) this.#noteChange(place);
    return secret;
  }

  deleteSecret(place: FolderPlace, key: string): void {
    this.addFolder(place).secrets.delete(key);
    this.#noteChange(place);
  }

  /** Adds an import below those that are there. */
  addImport(place: FolderPlace, source: { environment: string; path: string }): StoredImport {
    const { imports } = this.addFolder(place);
    const createdAtMs = this.#state.options.now();
    const added = { id: randomUUID(), ...source, position: imports.length + 1, createdAtMs };
    imports.push(added);
    return added;
  }

  /** A sync that somebody made in the web interface. What is returned may be changed. */
  addSecretSync(project: string, sync: NewSecretSync): SecretSync {
    const added = newSecretSync(this.#project(project), sync, this.#state.options.now());
    this.#state.syncs.push(added);
    return added;
  }

  secretSync(project: string, name: string): SecretSync {
    const found = this.#state.syncs.find((sync) => sync.project.slug === project && sync.name === name);
    if (found === undefined) throw new Error(`no sync ${name}`);
    return found;
  }

  addMachineIdentity(
    identity: Omit<MachineIdentity, 'projects'> & { projects: Record<string, Role> },
  ): MachineIdentity {
    const added = {
      ...identity,
      id: identity.id ?? randomUUID(),
      addedAtMs: this.#state.options.now(),
      secretUses: 0,
    };
    this.#state.identities.push(added);
    return added;
  }

  /** An access token without a login: what Token Auth gives out once in the web interface. */
  issueToken(identity: MachineIdentity): Promise<IssuedToken> {
    return this.#state.tokens.issue(identity);
  }

  /** Takes every token of an identity, or those of its client secret together with the secret itself. */
  revoke(identity: MachineIdentity, what: 'identity' | 'client-secret'): void {
    if (what === 'client-secret' && identity.universalAuth !== undefined)
      identity.universalAuth.state = 'revoked';
    for (const token of this.tokens.filter((issued) => issued.identity === identity)) token.revoked = what;
  }

  #noteChange({ project, environment, path }: FolderPlace): void {
    this.#state.webhooks.changed(this.#project(project), environment, path ?? '/');
  }

  get #running(): LoopbackServer {
    if (this.#server === undefined) throw new Error('the emulator is not started');
    return this.#server;
  }

  #project(slug: string): Project {
    const project = this.#state.projects.find((candidate) => candidate.slug === slug);
    if (project === undefined) throw new Error(`no project ${slug}`);
    return project;
  }
}

function personal(folder: Folder, person: string): Map<string, StoredSecret> {
  const own = folder.personal.get(person) ?? new Map<string, StoredSecret>();
  folder.personal.set(person, own);
  return own;
}
