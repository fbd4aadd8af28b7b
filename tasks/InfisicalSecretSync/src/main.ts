import { AgentHost, type AgentRun } from './adapters/agent-host.js';
import { AzureDevOpsApi } from './adapters/azure-devops/api.js';
import { GroupApi } from './adapters/azure-devops/group-api.js';
import { authorizePipelines, cannotAuthorize } from './adapters/azure-devops/pipeline-permissions.js';
import { readProject } from './adapters/azure-devops/project.js';
import { VariableGroupStore } from './adapters/azure-devops/variable-group-store.js';
import { cancellation, type Cancellation } from './adapters/cancellation.js';
import { systemClock } from './adapters/clock.js';
import { HttpClient } from './adapters/http/client.js';
import { parseInfisicalConnection, type InfisicalConnection } from './adapters/infisical/connection.js';
import { InfisicalSource } from './adapters/infisical/source.js';
import { parseConfig, type Config } from './config/config.js';
import { readInputs } from './config/inputs.js';
import type { WriteState } from './converge.js';
import { ConfigError, SyncError } from './domain/errors.js';
import type { SecretValue } from './domain/secret-value.js';
import { quoted } from './domain/text.js';
import type { Clock, SecretSource, VariableStore } from './ports.js';
import { publishFailure, publishReport } from './publish.js';
import { run } from './run.js';

interface Setting {
  host: AgentHost;
  config: Config;
  connection: InfisicalConnection;
  token: SecretValue;
  agentRun: AgentRun;
  http: HttpClient;
  clock: Clock;
}

const afterwards: Record<WriteState, string> = {
  'nothing written': 'Nothing was written.',
  'write under way':
    'A write had begun; whether it took effect is not known. Running the step again puts it right.',
  'written, not verified':
    'Something was written, but it is not known to be as planned. Running the step again puts it right.',
  verified: 'The variable group had been written and verified before that.',
};

async function main(): Promise<void> {
  const host = new AgentHost((line) => {
    process.stdout.write(`${line}\n`);
  });
  const cancelled = cancellation();
  let state: WriteState = 'nothing written';
  try {
    const hasWarnings = await sync(host, cancelled, (reached) => {
      state = reached;
    });
    host.complete(hasWarnings ? 'SucceededWithIssues' : 'Succeeded');
  } catch (error) {
    explain(error, afterwards[state], host);
    host.complete('Failed');
  } finally {
    cancelled.end();
  }
}

/** @returns whether there is something that a person should mend */
async function sync(
  host: AgentHost,
  cancelled: Cancellation,
  stateIs: (state: WriteState) => void,
): Promise<boolean> {
  const config = parseConfig(readInputs((name) => host.input(name)));
  const { connection, token, agentRun } = surroundings(host, config);
  const clock = systemClock(cancelled.asked);
  const http = new HttpClient({
    clock,
    cancelled: cancelled.asked,
    writeCutOff: cancelled.writeCutOff,
    trace: (line) => {
      host.trace(line);
    },
  });
  try {
    const setting = { host, config, connection, token, agentRun, http, clock };
    const report = await run(config, {
      source: sourceOf(setting),
      store: storeOf(setting),
      host,
      clock,
      reason: agentRun.reason,
      projectName: projectTitle(config, agentRun),
      stateIs,
    });
    publishReport(report, host);
    return report.warnings.length > 0;
  } finally {
    http.close();
  }
}

function surroundings(
  host: AgentHost,
  config: Config,
): { connection: InfisicalConnection; token: SecretValue; agentRun: AgentRun } {
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

function sourceOf({ config, connection, http, host }: Setting): SecretSource {
  const { source, settings } = config;
  const folder = { ...source, needsTags: source.tags.length > 0 || settings.plainTag !== '' };
  return new InfisicalSource({
    connection,
    folder,
    http,
    mask: (values) => {
      host.mask(values);
    },
  });
}

function storeOf({ config, token, agentRun, http, clock }: Setting): VariableStore {
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

/** The only catch-all. What we did not throw on purpose is our mistake: its text may hold anything, so it is not shown. */
function explain(error: unknown, state: string, host: AgentHost): void {
  const isKnown = error instanceof SyncError;
  const message = isKnown
    ? error.message
    : 'This task has a fault of its own. Please report it with the version of the extension; run with system.debug set to true to see where it happened.';
  if (!isKnown && error instanceof Error) host.debug(`${error.name} at ${stackOf(error)}`);
  host.fail(`${message}${message.includes('\n') ? '\n' : ' '}${state}`);
  try {
    publishFailure(message, state, host);
  } catch {
    host.log('The summary could not be written; the message above says it all.');
  }
}

/** Where an error was thrown, without its message. */
function stackOf(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

void main();
