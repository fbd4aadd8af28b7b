import type { AgentHost, AgentRun } from '../adapters/agent/host.js';
import { agentNetwork, type AgentNetwork } from '../adapters/agent/network.js';
import { agentPasswords } from '../adapters/agent/passwords.js';
import {
  parseEntraConnection,
  tokenIdentity,
  type EntraConnection,
} from '../adapters/azure-devops/sign-in/connections.js';
import { jobIdentity, type AzureDevOpsIdentity } from '../adapters/azure-devops/sign-in/identity.js';
import { addressOf } from '../adapters/http/address.js';
import { tokenProblem } from '../adapters/http/bearer.js';
import { parseInfisicalConnection, type InfisicalConnection } from '../adapters/infisical/connection.js';
import type { ServiceConnection } from '../adapters/agent/service-connection.js';
import type { Config, SignIn } from '../config/config.js';
import { azureTokenSource, type AzureTokenSource } from './azure-auth.js';
import { ConfigError, SyncError } from '../domain/errors.js';
import { maskForms } from '../domain/masks.js';
import type { SecretValue } from '../domain/secret-value.js';
import { quoted } from '../domain/text.js';
import { addressesOf, plainHttpWarnings } from './plain-http.js';

/** What the agent gave the step beside its inputs, all of it checked. */
export interface Surroundings {
  agentRun: AgentRun;
  jobToken: SecretValue;
  network: AgentNetwork;
  infisical: InfisicalConnection;
  /** Where the token for Infisical comes from, with Azure Auth. */
  azureTokens: AzureTokenSource | undefined;
  azureDevOps:
    { kind: 'known'; identity: AzureDevOpsIdentity } | { kind: 'entra'; connection: EntraConnection };
  /** About the way to both services; signing in may add to it. */
  warnings: string[];
}

/**
 * Reads it, and masks every credential in it before anything could print one.
 * @throws SyncError when something is missing without which nothing can be read; everything that is wrong with the
 * service connections at once
 */
export function readSurroundings(host: AgentHost, config: Config): Surroundings {
  const agentRun = host.run();
  const jobToken = host.jobToken();
  if (jobToken === undefined || agentRun.collectionUrl === '') {
    throw new SyncError(
      'The agent gave this step no job token or no collection URL. Run it as a task of a job on an Azure Pipelines agent.',
    );
  }
  if (addressOf(agentRun.collectionUrl) === undefined) {
    throw new SyncError(
      'The collection URL that the agent gave this step (System.CollectionUri) is not an address. Remove any variable of that name from the pipeline and its variable groups.',
    );
  }
  const problem = tokenProblem(jobToken);
  if (problem !== undefined)
    throw new SyncError(
      `The agent gave this step a job token that ${problem}. No step of this job can sign in to Azure DevOps with it. Check the agent.`,
    );
  host.mask([jobToken]);
  const network = agentNetwork(process.env, agentPasswords);
  host.mask(maskForms(network.secrets));
  const [{ infisical, azureTokens }, azureDevOps] = allOrProblems(
    () => infisicalSignIn(host, config),
    () => azureDevOpsSignIn(host, signInOf(config), { agentRun, jobToken }),
  );
  const addresses = addressesOf(config, { infisical, azureDevOps, agentRun, azureTokens });
  const warnings = [...network.warnings, ...plainHttpWarnings(addresses)];
  return { agentRun, jobToken, network, infisical, azureTokens, azureDevOps, warnings };
}

function infisicalSignIn(host: AgentHost, config: Config): Pick<Surroundings, 'infisical' | 'azureTokens'> {
  const infisical = parseInfisicalConnection(
    connectionNamed(host, config.connectionId, {
      input: 'infisicalConnection',
      type: 'Infisical machine identity',
    }),
  );
  host.mask(maskForms(infisical.requestHeaders.map(({ value }) => value)));
  const azureTokens = azureTokenSource(infisical.auth, {
    config,
    env: process.env,
    connection: (id, about) => connectionNamed(host, id, about),
  });
  if (azureTokens?.kind === 'managed') host.mask(azureTokens.service.secrets);
  return { infisical, azureTokens };
}

function azureDevOpsSignIn(
  host: AgentHost,
  signIn: SignIn,
  { agentRun, jobToken }: Pick<Surroundings, 'agentRun' | 'jobToken'>,
): Surroundings['azureDevOps'] {
  if (signIn.kind === 'currentPipeline') {
    const { collectionUrl, projectName } = agentRun;
    return { kind: 'known', identity: jobIdentity({ collectionUrl, projectName, token: jobToken }) };
  }
  if (signIn.kind === 'entra') {
    const about = { input: 'azureDevOpsConnection', type: 'Azure DevOps' };
    return {
      kind: 'entra',
      connection: parseEntraConnection(connectionNamed(host, signIn.connectionId, about)),
    };
  }
  const about = { input: 'azureDevOpsTokenConnection', type: 'Azure Repos/Team Foundation Server' };
  const identity = tokenIdentity(connectionNamed(host, signIn.connectionId, about));
  host.mask(identity.secrets);
  return { kind: 'known', identity };
}

/** The variables of a run are set by the agent, so nobody signs in. */
function signInOf({ destination }: Config): SignIn {
  return destination.kind === 'pipelineVariables' ? { kind: 'currentPipeline' } : destination.signIn;
}

function connectionNamed(
  host: AgentHost,
  id: string,
  { input, type }: { input: string; type: string },
): ServiceConnection {
  const connection = host.connection(id);
  if (connection !== undefined) return connection;
  throw new ConfigError([
    `${input}: there is no service connection ${quoted(id)} in this job. Enter the name of a service connection of the type "${type}".`,
  ]);
}

function allOrProblems<A, B>(one: () => A, other: () => B): [A, B] {
  const problems: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const [first, second] = [attempt(one), attempt(other)];
  if (first === undefined || second === undefined) throw new ConfigError(problems);
  return [first, second];
}
