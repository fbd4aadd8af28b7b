import { randomUUID } from 'node:crypto';
import type { Match } from '../loopback/http-faults.js';
import { LoopbackServer, type Answer, type Logged, type Received } from '../loopback/loopback-server.js';
import { DefinitionsByHand, person } from './definitions-by-hand.js';
import type { SentVariable, StoredGroup } from './group-store.js';
import type { Identity } from './identities.js';
import { entraIssuerUrl, issuerUrl, placeOf } from './oidc.js';
import { federationOf, type Federation, type Job, type ServiceConnection } from './oidc-tokens.js';
import { PipelinesByHand } from './pipelines-by-hand.js';
import type { Project } from './projects.js';
import { serve } from './router.js';
import { Service, type ServiceOptions } from './service.js';
import type { Switches } from './switches.js';
import { newest } from './versions.js';

export interface GroupView {
  id: number;
  name: string;
  description: string;
  type: string;
  modifiedOn: string;
  providerData: unknown;
}

/** Azure DevOps as far as variables of pipelines go. See README.md. */
export class AzureDevOpsEmulator {
  /** What people save in the pipelines' own pages. */
  readonly definitions: DefinitionsByHand;
  /** YAML pipelines, what starts them, and their runs. */
  readonly pipelines: PipelinesByHand;
  readonly #service: Service;
  #server: LoopbackServer | undefined;

  private constructor(service: Service) {
    this.#service = service;
    this.definitions = new DefinitionsByHand(service);
    this.pipelines = new PipelinesByHand(service);
  }

  static async start(options: ServiceOptions = {}): Promise<AzureDevOpsEmulator> {
    const service = new Service(options);
    const emulator = new AzureDevOpsEmulator(service);
    emulator.#server = await LoopbackServer.start((received) => serve(received, service));
    service.ownOrigin = emulator.#server.origin;
    return emulator;
  }

  get organization(): string {
    return this.#service.organization;
  }

  get collectionUrl(): string {
    return `${this.#service.frontOrigin ?? this.#running.origin}/${this.organization}/`;
  }

  /** Where it is without whatever stands before it. */
  get origin(): string {
    return this.#running.origin;
  }

  /** From now on it answers with addresses of whatever stands before it. */
  standBehind(frontOrigin: string): void {
    this.#service.frontOrigin = frontOrigin;
  }

  get requests(): Logged[] {
    return this.#running.requests;
  }

  get faults(): LoopbackServer['faults'] {
    return this.#running.faults;
  }

  /** Who signs the tokens of jobs; whoever trusts them looks below these addresses for the keys. */
  get issuers(): { azureDevOps: string; entra: string } {
    return { azureDevOps: issuerUrl(this.#service), entra: entraIssuerUrl(this.#service) };
  }

  get tenant(): string {
    return this.#service.tenant;
  }

  /** Every OIDC token that a job was given. */
  get oidcTokens(): readonly string[] {
    return this.#service.oidcTokens;
  }

  /** What nobody knows for certain of the service, for a test to choose. */
  get switches(): Switches {
    return this.#service.switches;
  }

  close(): Promise<void> {
    return this.#running.close();
  }

  /** The answer to a request that comes by no network, for whoever asks thousands of times. */
  answer(received: Received): Promise<Answer> {
    return serve(received, this.#service);
  }

  addProject(project: { name: string } & Partial<Project>): Project {
    const added: Project = {
      id: randomUUID(),
      revision: 1,
      visibility: 'private',
      lastUpdateTime: this.#service.time(3),
      ...project,
    };
    this.#service.projects.push(added);
    return added;
  }

  addIdentity(identity: { name: string } & Partial<Identity>): Identity {
    const id = identity.id ?? randomUUID();
    const added: Identity = {
      id,
      uniqueName: identity.name,
      descriptor: `aad.${Buffer.from(id).toString('base64url')}`,
      account: `${this.#service.tenant}\\${identity.uniqueName ?? identity.name}`,
      expired: false,
      isBlockedByPolicy: false,
      isMember: true,
      scopes: 'all',
      projects: 'all',
      library: 'administrator',
      groupRoles: {},
      mayAuthorize: true,
      definitions: 'edit',
      ...identity,
    };
    this.#service.identities.push(added);
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
    const id = this.#service.nextId('group');
    const now = this.#service.time();
    this.#service.groups.set(id, {
      id,
      projectId: this.#service.projectNamed(group.project).id,
      type: group.type ?? 'Vsts',
      name: group.name,
      description: group.description,
      providerData: group.providerData,
      variables: new Map(
        Object.entries(group.variables).map(([name, variable]) => [name, storedVariable(variable)]),
      ),
      createdBy: person,
      createdOn: now,
      modifiedBy: person,
      modifiedOn: now,
    });
    return { id };
  }

  groupNames(project: string): string[] {
    const { id } = this.#service.projectNamed(project);
    return [...this.#service.groups.values()].flatMap((group) =>
      group.projectId === id ? [group.name] : [],
    );
  }

  /** A group as it is stored, without its variables. */
  group(project: string, name: string): GroupView | undefined {
    const group = this.#service.groupNamed(project, name);
    if (group === undefined) return undefined;
    const { id, type, modifiedOn, providerData, description } = group;
    return { id, name: group.name, type, modifiedOn, providerData, description: description ?? '' };
  }

  /** The variables of a group with the values of secrets, which no client ever sees. */
  variables(
    project: string,
    name: string,
  ): Record<string, { value: string | null; isSecret: boolean; isReadOnly: boolean }> {
    const variables = this.#service.groupNamed(project, name)?.variables ?? new Map<string, never>();
    return Object.fromEntries(
      [...variables].map(([key, { value, isSecret, isReadOnly }]) => [key, { value, isSecret, isReadOnly }]),
    );
  }

  /** An edit by hand: the group changes and its time of change too, unless it is so quick that the clock stands. */
  editGroup(
    project: string,
    name: string,
    edit: (group: StoredGroup) => void,
    when: 'later' | 'within one step' = 'later',
  ): void {
    const group = this.#service.groupNamed(project, name);
    if (group === undefined) throw new Error(`no group ${name} in ${project}`);
    edit(group);
    if (when === 'later') group.modifiedOn = this.#service.laterTime();
  }

  deleteGroup(project: string, name: string): void {
    const group = this.#service.groupNamed(project, name);
    if (group !== undefined) this.#service.groups.delete(group.id);
  }

  /** A job that runs, so that it can ask for its token at `oidcRequestUri`. */
  addJob(job: { project: string } & Partial<Omit<Job, 'projectId'>>): Job & { oidcRequestUri: string } {
    const project = this.#service.projectNamed(job.project);
    const added: Job = {
      projectId: project.id,
      hub: job.hub ?? 'build',
      planId: job.planId ?? randomUUID(),
      jobId: job.jobId ?? randomUUID(),
      pipeline: job.pipeline ?? { id: 1, name: 'pipeline' },
      runId: job.runId ?? 1,
      repository: job.repository ?? {
        id: randomUUID(),
        name: project.name,
        version: '0123456789abcdef0123456789abcdef01234567',
        ref: 'refs/heads/main',
      },
    };
    this.#service.jobs.push(added);
    return { ...added, oidcRequestUri: `${this.collectionUrl}${oidcPath(added)}` };
  }

  /** Where a job gets its token; undefined on servers that know none. */
  oidcRequestUri({ jobId }: Pick<Job, 'jobId'>): string | undefined {
    const job = this.#service.jobs.find((candidate) => candidate.jobId === jobId);
    if (job === undefined || newest[this.#service.profile] < 7.1) return undefined;
    return `${this.collectionUrl}${oidcPath(job)}`;
  }

  addServiceConnection(
    connection: { project: string; name: string } & Partial<Omit<ServiceConnection, 'projectId'>>,
  ): ServiceConnection {
    const { project, ...rest } = connection;
    const added: ServiceConnection = {
      id: randomUUID(),
      projectId: this.#service.projectNamed(project).id,
      issuer: 'azure-devops',
      applicationId: randomUUID(),
      ...rest,
    };
    this.#service.connections.push(added);
    return added;
  }

  /** What whoever trusts tokens for this connection has to be told. */
  federationOf(connection: ServiceConnection): Federation {
    const project = this.#service.projectById(connection.projectId);
    return federationOf(connection, placeOf(project?.name ?? '', this.#service));
  }

  /** Runs something just before a matching request is handled. */
  before(match: Match & { times?: number }, run: () => void): void {
    this.#running.faults.addHook(match, run);
  }

  /** The next so many reads after a write show the state before it. */
  lagReads(count: number): void {
    this.#service.lag = count;
  }

  /** From now on so many requests of an identity are served, then none until the time is over. */
  throttle(identity: Pick<Identity, 'name'>, limit: { requests: number; retryAfterSeconds: number }): void {
    this.#service.throttles.set(identity.name, { ...limit, used: 0, untilMs: 0 });
  }

  /** Stops the organization for good, as happens after long inactivity. */
  stop(reason: string): void {
    this.#service.stopped = reason;
  }

  authorizedPipelines(project: string, name: string): { all: boolean; pipelines: number[] } {
    const { all, pipelines } = this.#service.permissionsOf(this.#service.groupNamed(project, name)?.id ?? 0);
    return { all, pipelines: [...pipelines] };
  }

  get #running(): LoopbackServer {
    if (this.#server === undefined) throw new Error('the emulator is not started');
    return this.#server;
  }
}

function oidcPath({ projectId, hub, planId, jobId }: Job): string {
  return `${projectId}/_apis/distributedtask/hubs/${hub}/plans/${planId}/jobs/${jobId}/oidctoken`;
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
