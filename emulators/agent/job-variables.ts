import { join } from 'node:path';
import type { Platform } from './task-definition.js';
import type { Variable } from './variables.js';

export interface JobFacts {
  collectionUrl: string;
  project: { id: string; name: string };
  jobToken: string;
  hostType: 'build' | 'release' | 'deployment';
  reason: string;
  definitionId: number;
  work: string;
  platform: Platform;
  isDebug: boolean;
  version: string;
}

/** Of every job: what the server knows it by. */
export const jobIds = {
  planId: '8a9ac3a2-2bd6-43f2-9b7f-6d7c6a6b8f0e',
  jobId: '12f1170f-54f2-53f3-20dd-22fc7dff55f9',
} as const;

/** Names and flags of a job message that the agent's own tests have recorded (L1TestBase.cs, JobMessageTemplate). */
export function messageVariables(facts: JobFacts): Variable[] {
  const shared = {
    system: facts.hostType,
    'system.hosttype': facts.hostType,
    'system.servertype': 'Hosted',
    'system.culture': 'en-US',
    'system.collectionId': '297a3210-e711-4ddf-857a-1df14915bb29',
    ...(facts.isDebug ? { 'system.debug': 'true' } : {}),
    'system.teamFoundationCollectionUri': facts.collectionUrl,
    'system.taskDefinitionsUri': facts.collectionUrl,
    'system.pipelineStartTime': '2026-11-24 13:29:58+00:00',
    'system.teamProject': facts.project.name,
    'system.teamProjectId': facts.project.id,
    'system.definitionId': String(facts.definitionId),
    'system.enableAccessToken': 'SecretVariable',
    'system.planId': jobIds.planId,
    'system.timelineId': '8a9ac3a2-2bd6-43f2-9b7f-6d7c6a6b8f0e',
    'system.stageDisplayName': '__default',
    'system.stageId': '96ac2280-8cb4-5df5-99de-dd2da759617d',
    'system.stageName': '__default',
    'system.stageAttempt': '1',
    'system.phaseDisplayName': 'Job',
    'system.phaseId': '3a3a2a60-14c7-570b-14a4-fa42ad92f52a',
    'system.phaseName': 'Job',
    'system.phaseAttempt': '1',
    'system.jobIdentifier': 'Job.__default',
    'system.jobAttempt': '1',
    'System.JobPositionInPhase': '1',
    'System.TotalJobsInPhase': '1',
    'system.jobDisplayName': 'Job',
    'system.jobId': jobIds.jobId,
    'system.jobName': '__default',
    'system.jobParallelismTag': 'Private',
    'agent.retainDefaultEncoding': 'false',
    'agent.readOnlyVariables': 'true',
    'agent.disablelogplugin.TestResultLogPlugin': 'true',
    'agent.disablelogplugin.TestFilePublisherPlugin': 'true',
  };
  const secret = { name: 'system.accessToken', value: facts.jobToken, isSecret: true, isReadOnly: false };
  return [...readOnly({ ...shared, ...ofHost(facts) }), secret];
}

/** In a release the "server" is Release Management: a trap for whoever builds addresses on it. */
function ofHost(facts: JobFacts): Record<string, string> {
  if (facts.hostType !== 'build') {
    return {
      'system.teamFoundationServerUri': 'https://example-org.vsrm.visualstudio.com/',
      'release.reason': facts.reason,
      'release.releaseId': '31',
      'release.releaseName': 'Release-31',
      'release.definitionId': String(facts.definitionId),
      'release.environmentName': 'production',
    };
  }
  const repository = `${facts.collectionUrl}${encodeURIComponent(facts.project.name)}/_git/sources`;
  return {
    'system.collectionUri': facts.collectionUrl,
    'system.teamFoundationServerUri': facts.collectionUrl,
    'system.definitionName': 'nightly',
    'system.isScheduled': facts.reason === 'Schedule' ? 'True' : 'False',
    'system.pullRequest.isFork': 'False',
    'build.definitionName': 'nightly',
    'build.definitionVersion': '1',
    'build.queuedBy': 'A Person',
    'build.queuedById': '00000002-0000-8888-8000-000000000000',
    'build.requestedFor': 'A Person',
    'build.requestedForId': '8546ffd5-88f3-69c1-ad8f-30c41e8ce5ad',
    'build.requestedForEmail': 'person@example.org',
    'build.sourceVersion': 'cf64a69d29ae2e01a655956f67ee0332ffb730a3',
    'build.sourceBranch': 'refs/heads/main',
    'build.sourceBranchName': 'main',
    'build.reason': facts.reason,
    'build.buildId': '107',
    'build.buildUri': 'vstfs:///Build/Build/107',
    'build.buildNumber': '20261124.1',
    'build.containerId': '12',
    'build.repository.id': '05bbff1a-ac43-4a40-a1c1-99f4e17e61dd',
    'build.repository.name': 'sources',
    'build.repository.uri': repository,
    'build.sourceVersionAuthor': 'A Person',
    'build.sourceVersionMessage': 'A change',
    MSDEPLOY_HTTP_USER_AGENT: 'VSTS_297a3210-e711-4ddf-857a-1df14915bb29_build_12_0',
    AZURE_HTTP_USER_AGENT: 'VSTS_297a3210-e711-4ddf-857a-1df14915bb29_build_12_0',
  };
}

/** What the agent adds itself, none of it read-only by flag (JobRunner.cs, JobExtension.cs, BuildJobExtension.cs). */
export function agentVariables({ work, platform, hostType, version }: JobFacts): Record<string, string> {
  return {
    'agent.id': '8',
    'agent.homedirectory': work,
    'agent.jobname': 'Job',
    'agent.cloudid': '',
    'agent.isselfhosted': '1',
    'agent.machinename': 'machine',
    'agent.name': 'mini-agent',
    'agent.os': platform === 'windows' ? 'Windows_NT' : 'Linux',
    'agent.osarchitecture': 'X64',
    'agent.RootDirectory': work,
    'agent.workfolder': work,
    'system.workfolder': work,
    'agent.ToolsDirectory': join(work, '_tool'),
    'agent.TempDirectory': join(work, '_temp'),
    'agent.version': version,
    'agent.jobstatus': 'Succeeded',
    'system.isazurevm': '0',
    'system.isdockercontainer': '0',
    GIT_TERMINAL_PROMPT: '0',
    ...foldersOf(hostType, work),
  };
}

function foldersOf(hostType: string, work: string): Record<string, string> {
  if (hostType !== 'build') {
    const folder = join(work, 'r1/a');
    return {
      'agent.releaseDirectory': folder,
      'system.artifactsDirectory': folder,
      'system.defaultworkingdirectory': folder,
    };
  }
  const inside = (folder: string): string => join(work, '1', folder);
  return {
    'agent.builddirectory': join(work, '1'),
    'pipeline.workspace': join(work, '1'),
    'pipeline.repository.name': 'sources',
    'system.artifactsdirectory': inside('a'),
    'system.defaultworkingdirectory': inside('s'),
    'common.testresultsdirectory': inside('TestResults'),
    'build.binariesdirectory': inside('b'),
    'build.sourcesdirectory': inside('s'),
    'build.stagingdirectory': inside('a'),
    'build.artifactstagingdirectory': inside('a'),
    'build.repository.localpath': inside('s'),
    'build.repository.provider': 'TfsGit',
    'build.repository.clean': 'False',
  };
}

function readOnly(values: Readonly<Record<string, string>>): Variable[] {
  return Object.entries(values).map(([name, value]) => ({ name, value, isSecret: false, isReadOnly: true }));
}
