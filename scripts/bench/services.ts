import { mkdtempSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AzureDevOpsEmulator } from '../../emulators/azure-devops/emulator.js';
import { InfisicalEmulator } from '../../emulators/infisical/emulator.js';
import { certificates } from '../../emulators/loopback/certificates.js';
import { Front } from '../../emulators/loopback/front.js';
import type { LoopbackServer } from '../../emulators/loopback/loopback-server.js';
import { MiniAgent } from '../../emulators/agent/mini-agent.js';
import { taskFolder } from '../shared/paths.js';
import { nowMs } from './clock.js';

/** What the process of the services is asked, and what it answers. */
export type Question =
  | ({ kind: 'world' } & WorldOptions)
  | { kind: 'latency'; ms: number }
  | { kind: 'requests' }
  | { kind: 'end' };
export interface WorldOptions {
  secrets: number;
  /** How the task is told the project; the ID unless said otherwise. */
  project?: 'id' | 'slug';
  /** TLS on both sides, with certificates of a private authority. */
  tls?: boolean;
}
export interface World {
  /** The environment that the agent gives the task. */
  taskEnvironment: Record<string, string>;
  /** What the other scripts need to do the same. */
  access: Record<string, string>;
  /** With TLS, the file of the authority that every process has to trust. */
  caFile?: string;
}
/** What the services were asked since this was asked last. */
export interface Asked {
  requests: string[];
  /** When the first of them came, by the clock of nowMs. */
  firstAtMs: number | undefined;
}
export type Reply = { kind: 'world'; world: World } | { kind: 'done' } | { kind: 'requests'; asked: Asked };

const jobToken = 'bench-job-token-7Wq2Lk';
const identity = { clientId: 'bench-client', clientSecret: 'bench-client-secret-4Rt9' };
const project = { id: '7d1f6c1e-52f1-4f1c-9a0e-6d8c2b1a4e30', name: 'Shop' };
const inputs = { environment: 'prod', variableGroup: 'shop-prod', infisicalConnection: 'infisical' };

interface Services {
  ado: AzureDevOpsEmulator;
  infisical: InfisicalEmulator;
  /** What stands before them, with TLS. */
  fronts: Front[];
  /** Of the job, whose folders the measured processes use. */
  agent: MiniAgent;
}

/** The emulators and the agent's part, in a process of their own: what they cost must not be measured. */
class Host {
  #services: Services | undefined;
  #latencyMs = 0;
  #firstAtMs: number | undefined;

  async answer(question: Question): Promise<Reply> {
    switch (question.kind) {
      case 'world':
        return { kind: 'world', world: await this.#newWorld(question) };
      case 'latency':
        this.#latencyMs = question.ms;
        for (const { faults } of this.#servers) this.#watch(faults);
        return { kind: 'done' };
      case 'requests':
        return { kind: 'requests', asked: this.#takeRequests() };
      case 'end':
        await this.#end();
        return { kind: 'done' };
    }
  }

  async #newWorld({ secrets, project: named = 'id', tls = false }: WorldOptions): Promise<World> {
    await this.#end();
    const ado = await AzureDevOpsEmulator.start();
    const infisical = await InfisicalEmulator.start();
    ado.addProject(project);
    ado.addIdentity({ name: 'Shop Build Service (example-org)', bearer: jobToken });
    const { id: infisicalProjectId } = infisical.addProject({ slug: 'shop', environments: ['prod'] });
    for (let index = 0; index < secrets; index += 1) {
      const value = `value-${String(index)}-${'k7Q'.repeat(12)}`;
      infisical.setSecret({ project: 'shop', environment: 'prod' }, `APP_SECRET_${String(index)}`, value);
    }
    infisical.addMachineIdentity({
      name: 'pipelines',
      universalAuth: identity,
      projects: { shop: 'admin' },
    });
    const infisicalProject = named === 'id' ? infisicalProjectId : 'shop';
    const adoOrigin = new URL(ado.collectionUrl).origin;
    const fronts = tls ? await Promise.all([infisical.url, adoOrigin].map(withTls)) : [];
    const [infisicalUrl = infisical.url, publicOrigin = adoOrigin] = fronts.map(({ origin }) => origin);
    if (tls) ado.standBehind(publicOrigin);
    const collectionUrl = ado.collectionUrl.replace(adoOrigin, publicOrigin);
    const urls = { collectionUrl, infisicalUrl };
    const { agent, taskEnvironment } = await environmentOfStep({ ...urls, infisicalProject });
    this.#services = { ado, infisical, fronts, agent };
    for (const { faults } of this.#servers) this.#watch(faults);
    const access = {
      BENCH_INFISICAL_URL: infisicalUrl,
      BENCH_INFISICAL_PROJECT: infisicalProjectId,
      BENCH_CLIENT_ID: identity.clientId,
      BENCH_CLIENT_SECRET: identity.clientSecret,
      BENCH_COLLECTION_URL: collectionUrl,
      BENCH_PROJECT: project.name,
      BENCH_PROJECT_ID: project.id,
      BENCH_GROUP: inputs.variableGroup,
      BENCH_TOKEN: jobToken,
    };
    return { taskEnvironment, access, ...(tls ? { caFile: certificates().caFile } : {}) };
  }

  get #servers(): Pick<LoopbackServer, 'faults' | 'requests'>[] {
    return this.#services === undefined ? [] : [this.#services.infisical, this.#services.ado];
  }

  #watch(faults: LoopbackServer['faults']): void {
    faults.clear();
    faults.addHook({ times: Infinity }, () => {
      this.#firstAtMs ??= nowMs();
    });
    if (this.#latencyMs > 0)
      faults.add({ match: {}, times: Infinity, fault: { kind: 'delay', ms: this.#latencyMs } });
  }

  #takeRequests(): Asked {
    const requests = this.#servers.flatMap((server) =>
      server.requests.splice(0).map(({ method, path }) => `${method} ${path}`),
    );
    const firstAtMs = this.#firstAtMs;
    this.#firstAtMs = undefined;
    return { requests, firstAtMs };
  }

  async #end(): Promise<void> {
    const { ado, infisical, fronts = [], agent } = this.#services ?? {};
    this.#services = undefined;
    agent?.dispose();
    await Promise.all([...fronts.map((front) => front.close()), ado?.close(), infisical?.close()]);
  }
}

function withTls(target: string): Promise<Front> {
  return Front.start({ target, tls: certificates().server });
}

/** Lets the mini-agent run a task of the same form that writes down what it was given. */
async function environmentOfStep({
  collectionUrl,
  infisicalUrl,
  infisicalProject,
}: {
  collectionUrl: string;
  infisicalUrl: string;
  infisicalProject: string;
}): Promise<{ agent: MiniAgent; taskEnvironment: Record<string, string> }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-task-'));
  try {
    const seen = join(folder, 'environment.json');
    cpSync(join(taskFolder, 'task.json'), join(folder, 'task.json'));
    const script = `require('node:fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.env));`;
    writeFileSync(join(folder, 'index.js'), script);
    const agent = new MiniAgent({
      taskFolder: folder,
      collectionUrl,
      project,
      jobToken,
      endpoints: [
        {
          name: inputs.infisicalConnection,
          type: 'infisicalMachineIdentity',
          url: infisicalUrl,
          scheme: 'UsernamePassword',
          parameters: { username: identity.clientId, password: identity.clientSecret },
        },
      ],
    });
    await agent.runStep({ name: 'sync', inputs: { ...inputs, infisicalProject } });
    const taskEnvironment = JSON.parse(readFileSync(seen, 'utf8')) as Record<string, string>;
    return { agent, taskEnvironment };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const host = new Host();
process.on('message', (question: Question) => {
  host.answer(question).then(
    (reply) => process.send?.(reply),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => {
  process.exit(0);
});
