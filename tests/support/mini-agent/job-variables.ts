import { join } from 'node:path';
import type { Variable } from './variables.js';

export interface JobFacts {
  collectionUrl: string;
  project: { id: string; name: string };
  jobToken: string;
  hostType: 'build' | 'release';
  reason: string;
  definitionId: number;
  work: string;
  isDebug: boolean;
}

/** What server and agent set for every job (Microsoft's documentation of predefined variables; the agent's own tests). */
export function jobVariables(facts: JobFacts): Variable[] {
  const shared = {
    'system.hosttype': facts.hostType,
    'system.servertype': 'Hosted',
    'system.culture': 'en-US',
    'system.teamProject': facts.project.name,
    'system.teamProjectId': facts.project.id,
    'system.definitionId': String(facts.definitionId),
    'system.jobId': '12f1170f-54f2-53f3-20dd-22fc7dff55f9',
    'system.planId': '8a9ac3a2-2bd6-43f2-9b7f-6d7c6a6b8f0e',
    'system.teamFoundationCollectionUri': facts.collectionUrl,
    'system.defaultWorkingDirectory': join(facts.work, '1/s'),
    'agent.os': 'Linux',
    'agent.version': '4.274.0',
    'agent.tempDirectory': join(facts.work, '_temp'),
    'agent.workFolder': facts.work,
    'agent.toolsDirectory': join(facts.work, '_tool'),
    'agent.jobStatus': 'Succeeded',
    'agent.readOnlyVariables': 'true',
    ...(facts.isDebug ? { 'system.debug': 'true' } : {}),
  };
  const variables = Object.entries({ ...shared, ...hostVariables(facts) }).map(([name, value]): Variable => ({
    name,
    value,
    isSecret: false,
    isReadOnly: name !== 'system.debug',
  }));
  return [
    ...variables,
    { name: 'system.accessToken', value: facts.jobToken, isSecret: true, isReadOnly: true },
  ];
}

/** In a release the "server" is Release Management: a trap for whoever builds addresses on it. */
function hostVariables(facts: JobFacts): Record<string, string> {
  if (facts.hostType === 'release') {
    return {
      'system.teamFoundationServerUri': 'https://example-org.vsrm.visualstudio.com/',
      'release.reason': facts.reason,
      'release.releaseId': '31',
      'release.definitionId': String(facts.definitionId),
      'release.environmentName': 'production',
    };
  }
  return {
    'system.collectionUri': facts.collectionUrl,
    'system.teamFoundationServerUri': facts.collectionUrl,
    'build.reason': facts.reason,
    'build.buildId': '107',
    'build.buildNumber': '20261124.1',
    'build.definitionName': 'nightly',
  };
}
