import type { AzureDevOpsEmulator } from './azure-devops-emulator/emulator.js';
import type { EntraEmulator } from './entra-emulator/emulator.js';
import { Front, type Seen } from './front.js';
import type { InfisicalEmulator } from './infisical-emulator/emulator.js';
import { LoopbackServer } from './loopback-server.js';
import { proxyOf, together, type Network, type Together } from './networks.js';
import { proxyAddress, RealProxy } from './real-proxy.js';

export interface Services {
  infisical: InfisicalEmulator;
  ado: AzureDevOpsEmulator;
  /** The other organization, if there is one. */
  target?: AzureDevOpsEmulator;
  entra: EntraEmulator;
}

type ServiceName = keyof Services;

/** Services, what stands before them, and what an agent is told of it. */
export class RunningNetwork {
  readonly agent: Together['agent'];
  /** Of the Infisical connection. */
  readonly parameters: Together['parameters'];
  /** A host to which redirects and gateways lead: whatever comes here has left the company. */
  readonly elsewhere: LoopbackServer;
  readonly #services: Services;
  readonly #fronts = new Map<ServiceName, Front>();
  readonly #proxy: RealProxy | undefined;

  private constructor(
    services: Services,
    parts: Pick<Together, 'agent' | 'parameters'>,
    around: { elsewhere: LoopbackServer; proxy: RealProxy | undefined },
  ) {
    this.#services = services;
    this.agent = parts.agent;
    this.parameters = parts.parameters;
    this.elsewhere = around.elsewhere;
    this.#proxy = around.proxy;
  }

  static async start(names: readonly Network[], services: Services): Promise<RunningNetwork> {
    const elsewhere = await LoopbackServer.start(() => ({
      status: 200,
      headers: { 'Content-Type': 'text/html' },
      body: '<!DOCTYPE html><html><head><title>Sign in</title></head><body></body></html>',
    }));
    const wanted = proxyOf(names);
    const proxy = typeof wanted === 'object' ? await RealProxy.start(wanted.credentials) : undefined;
    const parts = together(names, {
      proxy: proxy?.url ?? (await nothingThere()),
      elsewhere: elsewhere.origin,
    });
    const network = new RunningNetwork(services, parts, { elsewhere, proxy });
    await network.#standBefore('infisical', { ...parts.services, ...parts.infisical });
    for (const name of ['ado', 'target', 'entra'] as const) await network.#standBefore(name, parts.services);
    for (const name of ['ado', 'target'] as const) {
      const front = network.#fronts.get(name);
      if (front !== undefined) services[name]?.standBehind(front.origin);
    }
    return network;
  }

  /** @throws Error in a network without one */
  get proxy(): RealProxy {
    if (this.#proxy === undefined) throw new Error('there is no proxy in this network');
    return this.#proxy;
  }

  /** What stands before a service. @throws Error where nothing does */
  front(name: ServiceName): Front {
    const front = this.#fronts.get(name);
    if (front === undefined) throw new Error(`nothing stands before ${name}`);
    return front;
  }

  /** The address of a service's root, as agents are told. */
  urlOf(name: 'infisical' | 'entra'): string {
    const service = this.#services[name];
    return this.#fronts.get(name)?.url ?? ('url' in service ? service.url : service.origin);
  }

  /** Requests of the job that reached a service otherwise than through the proxy; told apart on 127.0.0.1 only. */
  pastProxy(): string[] {
    const received = (Object.keys(this.#services) as ServiceName[]).flatMap(
      (name): Pick<Seen, 'method' | 'target' | 'address'>[] =>
        this.#fronts.get(name)?.requests ?? this.#services[name]?.requests ?? [],
    );
    return received
      .filter(({ address, target }) => address !== proxyAddress && !target.includes('/.well-known/'))
      .map(({ method, target }) => `${method} ${target}`);
  }

  async close(): Promise<void> {
    const fronts = [...this.#fronts.values()];
    await Promise.all([...fronts, this.elsewhere, this.#proxy].map((part) => part?.close()));
  }

  async #standBefore(name: ServiceName, before: Together['services']): Promise<void> {
    const service = this.#services[name];
    if (service === undefined || Object.keys(before).length === 0) return;
    this.#fronts.set(name, await Front.start({ target: originOf(service), ...before }));
  }
}

function originOf(service: NonNullable<Services[ServiceName]>): string {
  return 'origin' in service ? service.origin : service.url;
}

/** An address at which nobody listens. */
async function nothingThere(): Promise<string> {
  const server = await LoopbackServer.start(() => ({ status: 500 }));
  const { origin } = server;
  await server.close();
  return `${origin}/`;
}
