import type { AzureDevOpsEmulator } from '../../emulators/azure-devops/emulator.js';
import { certificates } from '../../emulators/loopback/certificates.js';
import type { EntraEmulator } from '../../emulators/entra/emulator.js';
import { Front, type Seen } from '../../emulators/loopback/front.js';
import type { InfisicalEmulator } from '../../emulators/infisical/emulator.js';
import { LoopbackServer } from '../../emulators/loopback/loopback-server.js';
import { NamedHosts } from '../../emulators/loopback/named-hosts.js';
import { proxyOf, together, type Network, type Together } from './networks.js';
import { proxyAddress, RealProxy } from '../../emulators/loopback/real-proxy.js';

export interface Services {
  infisical: InfisicalEmulator;
  /** Infisical's other region. */
  europe: InfisicalEmulator;
  ado: AzureDevOpsEmulator;
  /** The other organization, if there is one. */
  target?: AzureDevOpsEmulator;
  entra: EntraEmulator;
}

type ServiceName = keyof Services;

const serviceNames = ['infisical', 'europe', 'ado', 'target', 'entra'] as const;

interface Around {
  elsewhere: LoopbackServer;
  proxy: RealProxy | undefined;
  hosts: NamedHosts | undefined;
  fronts: ReadonlyMap<ServiceName, Front>;
}

/** Services, what stands before them, and what an agent is told of it. */
export class RunningNetwork {
  readonly agent: Together['agent'];
  /** Of the Infisical connection. */
  readonly parameters: Together['parameters'];
  readonly #services: Services;
  readonly #names: Together['names'];
  readonly #around: Around;

  private constructor(services: Services, parts: Together, around: Around) {
    this.agent = parts.agent;
    this.parameters = parts.parameters;
    this.#names = parts.names;
    this.#services = services;
    this.#around = around;
  }

  static async start(networks: readonly Network[], services: Services): Promise<RunningNetwork> {
    const elsewhere = await LoopbackServer.start(() => ({
      status: 200,
      headers: { 'Content-Type': 'text/html' },
      body: '<!DOCTYPE html><html><head><title>Sign in</title></head><body></body></html>',
    }));
    const wanted = proxyOf(networks);
    const proxy = typeof wanted === 'object' ? await RealProxy.start(wanted.credentials) : undefined;
    const addresses = { proxy: proxy?.url ?? (await nothingThere()), elsewhere: elsewhere.origin };
    const before = together(networks, addresses);
    const fronts = await startFronts(before, services);
    const hosts = await startHosts(before.names, fronts);
    const parts = hosts === undefined ? before : together(networks, { ...addresses, proxy: hosts.url });
    for (const name of ['ado', 'target'] as const) {
      const origin = parts.names[name] ?? fronts.get(name)?.origin;
      if (origin !== undefined) services[name]?.standBehind(origin);
    }
    return new RunningNetwork(services, parts, { elsewhere, proxy, hosts, fronts });
  }

  /** A host to which redirects and gateways lead: whatever comes here has left the company. */
  get elsewhere(): LoopbackServer {
    return this.#around.elsewhere;
  }

  /** @throws Error in a network without one */
  get proxy(): RealProxy {
    if (this.#around.proxy === undefined) throw new Error('there is no proxy in this network');
    return this.#around.proxy;
  }

  /** What stands before a service. @throws Error where nothing does */
  front(name: ServiceName): Front {
    const front = this.#around.fronts.get(name);
    if (front === undefined) throw new Error(`nothing stands before ${name}`);
    return front;
  }

  /** The address of a service's root, as agents are told. */
  urlOf(name: 'infisical' | 'europe' | 'entra'): string {
    const front = this.#around.fronts.get(name);
    if (front === undefined) return originOf(this.#services[name]);
    return front.url.replace(front.origin, this.#names[name] ?? front.origin);
  }

  /** Requests of the job that reached a service otherwise than through the proxy; told apart on 127.0.0.1 only. */
  pastProxy(): string[] {
    const received = serviceNames.flatMap(
      (name): Pick<Seen, 'method' | 'target' | 'address'>[] =>
        this.#around.fronts.get(name)?.requests ?? this.#services[name]?.requests ?? [],
    );
    return received
      .filter(({ address, target }) => address !== proxyAddress && !target.includes('/.well-known/'))
      .map(({ method, target }) => `${method} ${target}`);
  }

  async close(): Promise<void> {
    const { elsewhere, proxy, hosts, fronts } = this.#around;
    const parts = [...fronts.values(), elsewhere, proxy, hosts].filter((part) => part !== undefined);
    await Promise.all(parts.map((part) => part.close()));
  }
}

async function startFronts(parts: Together, services: Services): Promise<Map<ServiceName, Front>> {
  const fronts = new Map<ServiceName, Front>();
  for (const name of serviceNames) {
    const service = services[name];
    const before = { ...parts.services, ...(name === 'infisical' ? parts.infisical : {}) };
    const publicName = parts.names[name];
    if (service === undefined || (Object.keys(before).length === 0 && publicName === undefined)) continue;
    const own =
      publicName?.startsWith('https:') === true
        ? { tls: certificates().serverFor(new URL(publicName).hostname) }
        : {};
    fronts.set(name, await Front.start({ target: originOf(service), ...before, ...own }));
  }
  return fronts;
}

async function startHosts(
  names: Together['names'],
  fronts: ReadonlyMap<ServiceName, Front>,
): Promise<NamedHosts | undefined> {
  const known = serviceNames.flatMap((name) => {
    const [publicName, origin] = [names[name], fronts.get(name)?.origin];
    return publicName === undefined || origin === undefined ? [] : [[publicName, origin] as const];
  });
  return known.length === 0 ? undefined : NamedHosts.start(Object.fromEntries(known));
}

function originOf(service: InfisicalEmulator | AzureDevOpsEmulator | EntraEmulator): string {
  return 'origin' in service ? service.origin : service.url;
}

/** An address at which nobody listens. */
async function nothingThere(): Promise<string> {
  const server = await LoopbackServer.start(() => ({ status: 500 }));
  const { origin } = server;
  await server.close();
  return `${origin}/`;
}
