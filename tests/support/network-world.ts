/**
 * A world in which identities and networks are chosen; all else is as in `aWorld`:
 *
 *   const world = await aNetworkWorld({
 *     auth: 'oidc', issuer: 'entra',             // signing in to Infisical: 'universal' | 'token' | 'oidc'
 *     connectionType: 'entra',                   // and to Azure DevOps, as the input azureDevOpsConnectionType
 *     target: 'server-2022.1',                   // what the other organization is; Services unless said
 *     network: ['proxy', 'privateCa'],           // one of networks.ts, or several at once
 *   });
 *   const step = await world.sync();             // connections and their inputs are filled in
 *   world.target.variables('Shop', 'shop-prod')  // where it wrote: `ado` itself for currentPipeline
 *   world.network.pastProxy()                    // what reached a service and not through the proxy
 *   world.network.proxy.requests                 // what the proxy was asked for
 *   world.network.elsewhere.requests             // what came to the host that redirects lead to
 *
 * `before(needsOf('proxy'))` of networks.ts skips a suite where a program is missing. For refusals change what the
 * world has set up: `machine` (of Infisical), `application` (of Entra), `writer` (its identity in `target`), `build`.
 */
import type { AzureDevOpsEmulator } from '../../emulators/azure-devops/emulator.js';
import type { Identity } from '../../emulators/azure-devops/identities.js';
import type { Profile } from '../../emulators/azure-devops/versions.js';
import { clientPassword } from '../../emulators/loopback/certificates.js';
import type { Application } from '../../emulators/entra/applications.js';
import { EntraEmulator } from '../../emulators/entra/emulator.js';
import { InfisicalEmulator } from '../../emulators/infisical/emulator.js';
import type { Endpoint } from '../../emulators/agent/endpoints.js';
import type { MiniAgent } from '../../emulators/agent/mini-agent.js';
import { RunningNetwork } from './network.js';
import { gateway, proxyCredentials, type Network } from './networks.js';
import {
  addPrincipal,
  connectionFor,
  inputsFor,
  personalAccessToken,
  startOtherOrganization,
  type ConnectionType,
} from './other-organization.js';
import {
  aWorld,
  canary,
  endpointOf,
  runSync,
  tokensOf,
  type Auth,
  type JobOptions,
  type SyncOptions,
  type World,
  type WorldOptions,
} from './world.js';

export interface NetworkWorldOptions extends Omit<WorldOptions, 'entra'> {
  auth?: Auth;
  connectionType?: ConnectionType;
  /** What the other organization is. */
  target?: Profile;
  network?: Network | readonly Network[];
}

export interface NetworkJobOptions extends JobOptions {
  /** Replaces parts of the connection to the other organization. */
  azureDevOpsConnection?: Partial<Endpoint>;
}

export interface NetworkWorld extends Omit<World, 'job' | 'sync'> {
  network: RunningNetwork;
  /** Infisical's other region, where nobody knows the machine identity; named in the network `cloud`. */
  europe: InfisicalEmulator;
  /** Where the task writes: another organization, except as `currentPipeline`. */
  target: AzureDevOpsEmulator;
  /** Who writes there. */
  writer: Identity;
  entra: EntraEmulator;
  /** Whose service principal signs in with `connectionType: 'entra'`. */
  application: Application;
  job: (options?: NetworkJobOptions) => MiniAgent;
  sync: (
    inputs?: Record<string, string>,
    options?: NetworkJobOptions & SyncOptions,
  ) => ReturnType<World['sync']>;
}

export async function aNetworkWorld(options: NetworkWorldOptions = {}): Promise<NetworkWorld> {
  const { connectionType = 'currentPipeline', now } = options;
  const entra = await EntraEmulator.start(now === undefined ? {} : { now });
  const world = await aWorld({ ...options, entra });
  const { ado, infisical, machine } = world;
  const europe = await InfisicalEmulator.start({ profile: options.infisical ?? 'v4-2026' });
  const principal = addPrincipal(world, entra, options.issuer);
  const { target, writer } =
    connectionType === 'currentPipeline'
      ? { target: ado, writer: world.build }
      : await startOtherOrganization(world, {
          entra,
          principal,
          profile: options.target ?? 'services',
          ...(now === undefined ? {} : { now }),
        });
  const others = target === ado ? {} : { target };
  const network = await RunningNetwork.start([options.network ?? []].flat(), {
    infisical,
    europe,
    ado,
    entra,
    ...others,
  });
  const job = (given: NetworkJobOptions = {}): MiniAgent => {
    const endpoint = endpointOf(
      network.urlOf('infisical'),
      given.auth ?? options.auth ?? 'universal',
      machine.id,
    );
    const parameters = { ...endpoint.parameters, ...network.parameters };
    const other = connectionFor(connectionType, { target, principal, authority: network.urlOf('entra') });
    return world.job({
      agent: {
        ...network.agent,
        endpoints: [
          { id: world.connection.id, ...endpoint, parameters, ...given.connection },
          ...(other === undefined ? [] : [{ ...other, ...given.azureDevOpsConnection }]),
        ],
        canaries: () => [...fixedCanaries, ...tokensOf(world), ...entra.tokens],
        ...given.agent,
        environment: { ...network.agent.environment, ...given.agent?.environment },
      },
    });
  };
  return {
    ...world,
    network,
    europe,
    target,
    writer,
    entra,
    application: principal.application,
    job,
    sync: (inputs = {}, given = {}) =>
      runSync(job(given), { ...inputsFor[connectionType], ...inputs }, given),
    close: async () => {
      await network.close();
      const emulators = [entra, europe, ...(target === ado ? [] : [target])];
      await Promise.all([world.close(), ...emulators.map((emulator) => emulator.close())]);
    },
  };
}

const fixedCanaries = [
  ...Object.values(canary),
  personalAccessToken,
  Buffer.from(`:${personalAccessToken}`).toString('base64'),
  gateway.value,
  proxyCredentials.password,
  clientPassword,
];
