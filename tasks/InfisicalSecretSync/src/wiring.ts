import type { AgentHost, AgentRun } from './adapters/agent-host.js';
import type { HttpClient } from './adapters/http/client.js';
import { parseInfisicalConnection, type InfisicalConnection } from './adapters/infisical/connection.js';
import { InfisicalSource } from './adapters/infisical/source.js';
import type { Config } from './config/config.js';
import type { WriteState } from './converge.js';
import { ConfigError, SyncError } from './domain/errors.js';
import type { SecretValue } from './domain/secret-value.js';
import { quoted } from './domain/text.js';
import type { Clock, SecretSource } from './ports.js';
import type { Parts } from './run.js';
import { storeFor } from './stores.js';

/** What the agent gave the step beside its inputs. */
export interface Surroundings {
  connection: InfisicalConnection;
  token: SecretValue;
  agentRun: AgentRun;
}

export interface Wiring {
  host: AgentHost;
  config: Config;
  surroundings: Surroundings;
  http: HttpClient;
  clock: Clock;
  stateIs(state: WriteState): void;
}

/** Puts the adapters together for one run. */
export function wire(wiring: Wiring): Parts {
  const { host, config, surroundings, http, clock } = wiring;
  const { agentRun } = surroundings;
  return {
    source: sourceOf(wiring),
    store: storeFor(config.destination, { host, agentRun, token: surroundings.token, http, clock }),
    host,
    clock,
    reason: agentRun.reason,
    stateIs: (state) => {
      wiring.stateIs(state);
    },
  };
}

/** @throws SyncError when something is missing without which nothing can be read */
export function readSurroundings(host: AgentHost, config: Config): Surroundings {
  const agentRun = host.run();
  const token = host.jobToken();
  if (token === undefined || agentRun.collectionUrl === '') {
    throw new SyncError(
      'The agent gave this step no job token or no collection URL. Run it as a task of a job on an Azure Pipelines agent.',
    );
  }
  const serviceConnection = host.connection(config.connectionId);
  if (serviceConnection === undefined) {
    throw new ConfigError([
      `infisicalConnection: there is no service connection ${quoted(config.connectionId)} in this job. Give the name of one of the type "Infisical machine identity".`,
    ]);
  }
  host.mask([token]);
  return { connection: parseInfisicalConnection(serviceConnection), token, agentRun };
}

function sourceOf({ config, surroundings, http, host }: Wiring): SecretSource {
  const { source, settings } = config;
  return new InfisicalSource({
    connection: surroundings.connection,
    folder: source,
    needsTags: source.tags.length > 0 || settings.plainTag !== '',
    http,
    mask: (values) => {
      host.mask(values);
    },
  });
}
