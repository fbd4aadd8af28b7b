import { join } from 'node:path';
import { AzureDevOpsEmulator } from '../../emulators/azure-devops/emulator.js';
import type { Identity } from '../../emulators/azure-devops/identities.js';
import type { ServiceConnection } from '../../emulators/azure-devops/oidc-tokens.js';
import type { ServiceOptions } from '../../emulators/azure-devops/service.js';
import type { Profile as AzureDevOpsProfile } from '../../emulators/azure-devops/versions.js';
import type { EntraKeys } from '../../emulators/azure-devops/entra-sign-in.js';
import type { Profile as InfisicalProfile } from '../../emulators/infisical/answers.js';
import type { NewProject } from '../../emulators/infisical/store.js';
import { InfisicalEmulator } from '../../emulators/infisical/emulator.js';
import type { MachineIdentity, OidcAuth, Role } from '../../emulators/infisical/identities.js';
import type { Endpoint } from '../../emulators/agent/endpoints.js';
import { jobIds } from '../../emulators/agent/job-variables.js';
import {
  MiniAgent,
  type FinishedStep,
  type MiniAgentOptions,
  type StepOptions,
} from '../../emulators/agent/mini-agent.js';

/** The task as it ships: `npm test` and `npm run package` unpack the .vsix there. Coverage runs name another folder. */
export const shippedTask =
  process.env['TASK_FOLDER'] ?? join(process.cwd(), 'dist/unpacked/tasks/InfisicalSecretSync');

/** Values that occur nowhere else; the mini-agent fails every step in which one shows. */
export const canary = {
  database: 'canary-db-7Qv2LkXw9Rt4',
  api: 'canary-api-Zp81MnBc5Ty6',
  old: 'canary-old-Hs63GdFa0Ue1',
  key: '-----BEGIN CANARY KEY-----\ncanary-line-Wx72QpLm4Jn8\ncanary-line-Rt55VbNm1Kq3\n-----END CANARY KEY-----',
  plain: 'canary-plain-Uy38TrEw2Sx9',
  jobToken: 'canary-job-token-Bv46CxZa7Qe5',
  clientSecret: 'canary-client-secret-Mk90JhGf3Dw2',
  accessToken: 'canary-access-token-Lo84PiUy6Tr7',
} as const;

export const shop = { id: '7d1f6c1e-52f1-4f1c-9a0e-6d8c2b1a4e30', name: 'Shop' };
export const connectionName = 'infisical';

export interface World {
  ado: AzureDevOpsEmulator;
  infisical: InfisicalEmulator;
  /** The ID of the pipeline that runs, whose saved variables are in `ado.definitions`. */
  pipelineId: number;
  /** The identity of the job's token. */
  build: Identity;
  /** The machine identity of the service connection. */
  machine: MachineIdentity;
  /** The service connection, as Azure DevOps knows it. */
  connection: ServiceConnection;
  /** A job that may run several steps; whoever asks for it disposes of it. */
  job(options?: JobOptions): MiniAgent;
  /** Runs the shipped task in a job of its own. */
  sync(inputs?: Record<string, string>, options?: SyncOptions): Promise<FinishedStep>;
  close(): Promise<void>;
}

export type Auth = 'universal' | 'token' | 'oidc';

export interface JobOptions {
  agent?: Partial<MiniAgentOptions>;
  auth?: Auth;
  /** Replaces parts of the service connection. */
  connection?: Partial<Endpoint>;
}

export interface SyncOptions extends JobOptions {
  step?: Partial<StepOptions>;
}

export interface WorldOptions {
  /** Of the project in Infisical; one without a name is shown as its slug. */
  environments?: NewProject['environments'];
  azureDevOps?: AzureDevOpsProfile;
  infisical?: InfisicalProfile;
  permission?: 'node' | 'go';
  role?: Role;
  /** The time of Azure DevOps. */
  now?: () => number;
  /** The ID of the Infisical project; any unless given. */
  infisicalProjectId?: string;
  /** Whose name stands in OIDC tokens for the service connection. */
  issuer?: ServiceConnection['issuer'];
  /** Addresses that Azure DevOps has in the cloud; nobody asks there. */
  origins?: ServiceOptions['origins'];
  /** Whose tokens of service principals Azure DevOps takes. */
  entra?: EntraKeys;
}

/** Inputs that sync `/` of `prod` in the Infisical project `shop` to the variable group `shop-prod`. */
export const usualInputs = {
  infisicalConnection: connectionName,
  infisicalProject: 'shop',
  environment: 'prod',
  variableGroup: 'shop-prod',
};

/** One Azure DevOps project, one Infisical project with two secrets, and a job between them. */
export async function aWorld(options: WorldOptions = {}): Promise<World> {
  const ado = await AzureDevOpsEmulator.start({
    profile: options.azureDevOps ?? 'services',
    ...(options.now === undefined ? {} : { now: options.now }),
    ...(options.entra === undefined ? {} : { entra: options.entra }),
    ...(options.origins === undefined ? {} : { origins: options.origins }),
  });
  const infisical = await InfisicalEmulator.start({
    profile: options.infisical ?? 'v4-2026',
    permission: options.permission ?? 'node',
  });
  ado.addProject(shop);
  const build = ado.addIdentity({ name: 'Shop Build Service (example-org)', bearer: canary.jobToken });
  const { id: pipelineId } = ado.definitions.add({ project: shop.name, name: 'nightly' });
  const connection = ado.addServiceConnection({
    project: shop.name,
    name: connectionName,
    issuer: options.issuer ?? 'azure-devops',
  });
  const { infisicalProjectId: id } = options;
  infisical.addProject({
    slug: 'shop',
    ...(id === undefined ? {} : { id }),
    environments: options.environments ?? ['dev', 'prod'],
  });
  infisical.setSecret({ project: 'shop', environment: 'prod' }, 'DB_PASSWORD', canary.database);
  infisical.setSecret({ project: 'shop', environment: 'prod' }, 'API_KEY', canary.api);
  const machine = infisical.addMachineIdentity({
    name: 'pipelines',
    universalAuth: { clientId: 'client-1', clientSecret: canary.clientSecret },
    tokenAuth: { accessToken: canary.accessToken },
    oidcAuth: oidcAuthFor(connection, ado),
    projects: { shop: options.role ?? 'admin' },
  });
  const parts = { ado, infisical, pipelineId, machine, connection };
  ado.addJob({ project: shop.name, pipeline: { id: pipelineId, name: 'nightly' }, ...jobIds });
  const job = (given: JobOptions = {}): MiniAgent => startJob(parts, given);
  return {
    ...parts,
    build,
    job,
    sync: (inputs = {}, given = {}) => runSync(job(given), inputs, given),
    close: async () => {
      await Promise.all([ado.close(), infisical.close()]);
    },
  };
}

/** Runs the task as the only step of a job, and ends the job. */
export async function runSync(
  job: MiniAgent,
  inputs: Record<string, string>,
  options: SyncOptions,
): Promise<FinishedStep> {
  try {
    return await job.runStep({ name: 'sync', ...options.step, inputs: { ...usualInputs, ...inputs } });
  } finally {
    job.dispose();
  }
}

function startJob(
  world: Pick<World, 'ado' | 'infisical' | 'pipelineId' | 'machine' | 'connection'>,
  options: JobOptions,
): MiniAgent {
  const { ado, infisical, machine, connection } = world;
  const endpoint = endpointOf(infisical.url, options.auth ?? 'universal', machine.id);
  const { variables, ...agent } = options.agent ?? {};
  return new MiniAgent({
    taskFolder: shippedTask,
    collectionUrl: ado.collectionUrl,
    project: shop,
    jobToken: canary.jobToken,
    definitionId: world.pipelineId,
    endpoints: [{ id: connection.id, ...endpoint, ...options.connection }],
    canaries: () => [...Object.values(canary), ...tokensOf(world)],
    variables: { ...oidcVariables(ado), ...variables },
    ...agent,
  });
}

/** Services and servers of 7.1 tell a job where it gets its OIDC token. */
function oidcVariables(ado: AzureDevOpsEmulator): Record<string, string> {
  const uri = ado.oidcRequestUri(jobIds);
  return uri === undefined ? {} : { 'system.oidcRequestUri': uri };
}

/** Every token that somebody got from the emulators. */
export function tokensOf({ ado, infisical }: Pick<World, 'ado' | 'infisical'>): string[] {
  return [...ado.oidcTokens, ...infisical.tokens.map(({ text }) => text)];
}

/** What trusts the OIDC token of a service connection, and no other. */
export function oidcAuthFor(connection: ServiceConnection, ado: AzureDevOpsEmulator): OidcAuth {
  const { issuer, subject, audience } = ado.federationOf(connection);
  return { discoveryUrl: issuer, boundIssuer: issuer, boundSubject: subject, boundAudiences: audience };
}

export function endpointOf(url: string, auth: Auth, identityId = ''): Omit<Endpoint, 'id'> {
  const shared = { name: connectionName, type: 'infisicalMachineIdentity', url };
  switch (auth) {
    case 'token':
      return { ...shared, scheme: 'Token', parameters: { apitoken: canary.accessToken } };
    case 'oidc':
      return { ...shared, scheme: 'None', parameters: { identityId } };
    case 'universal':
      return {
        ...shared,
        scheme: 'UsernamePassword',
        parameters: { username: 'client-1', password: canary.clientSecret },
      };
  }
}
