import type { AgentHost, AgentRun } from './adapters/agent-host.js';
import { AzureDevOpsApi } from './adapters/azure-devops/api.js';
import { GroupApi } from './adapters/azure-devops/group-api.js';
import { authorizePipelines, cannotAuthorize } from './adapters/azure-devops/pipeline-permissions.js';
import { readProject } from './adapters/azure-devops/project.js';
import { VariableGroupStore } from './adapters/azure-devops/variable-group-store.js';
import type { HttpClient } from './adapters/http/client.js';
import { parseInfisicalConnection, type InfisicalConnection } from './adapters/infisical/connection.js';
import { InfisicalSource } from './adapters/infisical/source.js';
import type { Config } from './config/config.js';
import type { WriteState } from './converge.js';
import { ConfigError, SyncError } from './domain/errors.js';
import type { SecretValue } from './domain/secret-value.js';
import { quoted } from './domain/text.js';
import type { Clock, SecretSource, VariableStore } from './ports.js';
import type { Parts } from './run.js';

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
  const { host, config, surroundings, clock } = wiring;
  const { agentRun } = surroundings;
  return {
    source: sourceOf(wiring),
    store: storeOf(wiring),
    host,
    clock,
    reason: agentRun.reason,
    projectName: projectTitle(config, agentRun),
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

function storeOf({ config, surroundings, http, clock }: Wiring): VariableStore {
  const { token, agentRun } = surroundings;
  const api = new AzureDevOpsApi(agentRun.collectionUrl, token, http);
  const { variableGroup, project } = config.destination;
  const title = projectTitle(config, agentRun);
  const projectInUrl = project === '' ? agentRun.projectId || agentRun.projectName : project;
  const about = {
    group: quoted(variableGroup),
    project: quoted(title),
    identity: quoted(`${agentRun.projectName} Build Service (${api.organization})`),
  };
  const groups = new GroupApi(api, projectInUrl, about);
  const isOwnProject = [agentRun.projectId, agentRun.projectName].includes(projectInUrl);
  return new VariableGroupStore({
    name: variableGroup,
    projectTitle: title,
    groups,
    clock,
    project: async () => {
      if (isOwnProject && agentRun.projectId !== '')
        return { id: agentRun.projectId, name: agentRun.projectName };
      const found = await readProject(api, projectInUrl);
      if ('status' in found) throw groups.refusal(found, 'read');
      return found;
    },
    authorize: (groupId) => authorize(groupId, { config, api, agentRun, isOwnProject, projectInUrl }),
  });
}

async function authorize(
  groupId: number,
  about: {
    config: Config;
    api: AzureDevOpsApi;
    agentRun: AgentRun;
    isOwnProject: boolean;
    projectInUrl: string;
  },
): Promise<string[]> {
  const { config, api, agentRun, isOwnProject, projectInUrl } = about;
  const { authorizePipelines: whom, variableGroup } = config.destination;
  const groupTitle = `the variable group ${quoted(variableGroup)}`;
  if (whom === 'none') return [];
  if (whom === 'allPipelines') {
    return authorizePipelines(groupId, { api, project: projectInUrl, groupTitle, pipelineId: undefined });
  }
  if (agentRun.definitionId === undefined)
    return cannotAuthorize(groupTitle, 'a classic release needs no permission of that kind');
  if (!isOwnProject) return cannotAuthorize(groupTitle, 'a pipeline can use only groups of its own project');
  return authorizePipelines(groupId, {
    api,
    project: projectInUrl,
    groupTitle,
    pipelineId: agentRun.definitionId,
  });
}

function projectTitle(config: Config, agentRun: AgentRun): string {
  return config.destination.project === '' ? agentRun.projectName : config.destination.project;
}
