import type { AgentHost, AgentRun } from '../adapters/agent/host.js';
import { AzureDevOpsApi } from '../adapters/azure-devops/api.js';
import { isSameCollection } from '../adapters/azure-devops/collection.js';
import { DefinitionApi } from '../adapters/azure-devops/definition/definition-api.js';
import { DefinitionStore } from '../adapters/azure-devops/definition/definition-store.js';
import { GroupApi } from '../adapters/azure-devops/group/group-api.js';
import type { AzureDevOpsIdentity } from '../adapters/azure-devops/sign-in/identity.js';
import { authorizePipelines, cannotAuthorize } from '../adapters/azure-devops/group/pipeline-permissions.js';
import { readProject, type TeamProject } from '../adapters/azure-devops/project.js';
import { VariableGroupStore } from '../adapters/azure-devops/group/variable-group-store.js';
import type { HttpClient } from '../adapters/http/client.js';
import { RunVariableStore } from '../adapters/agent/run-variable-store.js';
import type { Destination } from '../config/config.js';
import { ConfigError } from '../domain/errors.js';
import { quoted } from '../domain/text.js';
import type { Clock } from '../ports.js';
import type { DestinationParts } from '../sync/run.js';

export interface StoreParts {
  host: AgentHost;
  agentRun: AgentRun;
  /** Who signs in to Azure DevOps, and where. */
  identity: AzureDevOpsIdentity;
  http: HttpClient;
  clock: Clock;
}

type GroupDestination = Extract<Destination, { kind: 'variableGroup' }>;
type RunDestination = Extract<Destination, { kind: 'pipelineVariables' }>;
type DefinitionDestination = Extract<Destination, { kind: 'pipelineDefinition' }>;

/** The destination that the person chose. @throws ConfigError for a project or a pipeline that has to be named */
export function storeFor(destination: Destination, parts: StoreParts): DestinationParts {
  switch (destination.kind) {
    case 'variableGroup':
      return groupStore(destination, parts);
    case 'pipelineVariables':
      return runVariableStore(destination, parts);
    case 'pipelineDefinition':
      return definitionStore(destination, parts);
  }
}

function runVariableStore(
  { setAsOutput }: RunDestination,
  { host, clock, agentRun }: StoreParts,
): DestinationParts {
  const store = new RunVariableStore({ agent: host, clock, setAsOutput, origin: agentRun.outputOrigin });
  return { store, jobVariables: store };
}

/** A project of Azure DevOps as this run reaches it. */
interface ReachedProject {
  api: AzureDevOpsApi;
  /** Name or ID, as URLs have it. */
  inUrl: string;
  title: string;
  isOwn: boolean;
}

function reach(project: string, { agentRun, identity, http }: StoreParts): ReachedProject {
  const isHere = isSameCollection(identity.collectionUrl, agentRun.collectionUrl);
  if (!isHere && project === '') {
    throw new ConfigError([
      `azureDevOpsProject: is empty, but this pipeline does not run in ${quoted(identity.collectionUrl)}. Enter the project in that organization to which the secrets go.`,
    ]);
  }
  const inUrl = project === '' ? agentRun.projectId || agentRun.projectName : project;
  return {
    api: new AzureDevOpsApi(identity, http),
    inUrl,
    title: project === '' ? agentRun.projectName : project,
    isOwn: isHere && isOneOf(inUrl, [agentRun.projectId, agentRun.projectName]),
  };
}

/** Azure DevOps tells neither names of projects nor IDs apart by case. */
function isOneOf(project: string, own: readonly string[]): boolean {
  return own.some((nameOrId) => nameOrId.toLowerCase() === project.toLowerCase());
}

function groupStore(destination: GroupDestination, parts: StoreParts): DestinationParts {
  const { agentRun, clock } = parts;
  const project = reach(destination.project, parts);
  const about = { group: destination.variableGroup, project: project.title };
  const groups = new GroupApi(project.api, project.inUrl, about);
  const teamProject = async (): Promise<TeamProject> => {
    if (project.isOwn && agentRun.projectId !== '')
      return { id: agentRun.projectId, name: agentRun.projectName };
    const found = await readProject(project.api, project.inUrl);
    if ('status' in found) throw groups.refusal(found, 'read');
    return found;
  };
  const store = new VariableGroupStore({
    name: destination.variableGroup,
    projectTitle: project.title,
    groups,
    clock,
    project: teamProject,
    authorize: (groupId) => authorize(groupId, { destination, project, agentRun }),
  });
  return { store, permissions: store, projects: { project: teamProject } };
}

async function authorize(
  groupId: number,
  about: { destination: GroupDestination; project: ReachedProject; agentRun: AgentRun },
): Promise<string[]> {
  const { destination, project, agentRun } = about;
  const { authorizePipelines: whom, variableGroup } = destination;
  const groupTitle = `the variable group ${quoted(variableGroup)}`;
  const allow = (pipelineId: number | undefined): Promise<string[]> =>
    authorizePipelines(groupId, { api: project.api, project: project.inUrl, groupTitle, pipelineId });
  if (whom === 'none') return [];
  if (whom === 'allPipelines') return allow(undefined);
  if (agentRun.definitionId === undefined)
    return cannotAuthorize(groupTitle, 'a classic release needs no such permission');
  if (!project.isOwn) return cannotAuthorize(groupTitle, 'a pipeline can only use groups of its own project');
  return allow(agentRun.definitionId);
}

function definitionStore(destination: DefinitionDestination, parts: StoreParts): DestinationParts {
  const project = reach(destination.project, parts);
  const pipelineId = destination.pipelineId ?? (project.isOwn ? parts.agentRun.definitionId : undefined);
  if (pipelineId === undefined) {
    throw new ConfigError([
      `pipelineId: is empty, but ${project.isOwn ? 'a classic release has no saved variables that the task can write' : `the running pipeline is not in project ${quoted(project.title)}`}. Enter the number after "definitionId=" in the address of the pipeline to write.`,
    ]);
  }
  const definitions = new DefinitionApi({
    api: project.api,
    project: project.inUrl,
    pipelineId,
    projectTitle: project.title,
  });
  const { clock } = parts;
  return { store: new DefinitionStore({ pipelineId, projectTitle: project.title, definitions, clock }) };
}
