/**
 * Variables that Azure Pipelines or its agent sets: Constants.cs and L1TestBase.cs of microsoft/azure-pipelines-agent
 * (v5.278.0), and Microsoft's pages on the predefined variables of builds, releases and servers since 2019.
 */
const names = {
  '': 'system',
  build: `artifactStagingDirectory binariesDirectory buildId buildNumber buildUri clean configuration containerId
    cronSchedule.displayName definitionId definitionName definitionVersion gated.runCI gated.shelvesetName platform
    projectId projectName queuedBy queuedById reason repository.clean repository.git.submoduleCheckout repository.id
    repository.localPath repository.name repository.provider repository.tfvc.workspace repository.uri requestedFor
    requestedForEmail requestedForId sourceBranch sourceBranchName sourcesDirectory sourceTfvcShelveset sourceVersion
    sourceVersionAuthor sourceVersionMessage stagingDirectory syncSources triggeredBy.buildId triggeredBy.buildNumber
    triggeredBy.definitionId triggeredBy.definitionName triggeredBy.projectId type useServerWorkspaces`,
  release: `artifact.download.bufferSize artifact.download.parallelLimit attemptNumber definitionEnvironmentId
    definitionId definitionName deployment.requestedFor deployment.requestedForEmail deployment.requestedForId
    deployment.startTime deploymentId deployPhaseId disableRobocopy environmentId environmentName environmentUri
    primaryArtifactSourceAlias reason releaseDescription releaseId releaseName releaseUri releaseWebUrl requestedFor
    requestedForEmail requestedForId robocopyMT skipArtifactDownload skipArtifactsDownload triggeringArtifact.alias`,
  system: `accessToken artifactsDirectory collectionId collectionUri culture debug debugContext defaultWorkingDirectory
    definitionId definitionName enableAccessToken hostType isAzureVM isDockerContainer isScheduled jobAttempt
    jobDisplayName jobId jobIdentifier jobName jobParallelismTag jobPositionInPhase jobTimeout oidcRequestUri
    parallelExecutionType phaseAttempt phaseDisplayName phaseId phaseName pipelineStartTime planId postLinesSpeed
    preferGitFromPath pullRequest.isFork pullRequest.mergedAt pullRequest.pullRequestId pullRequest.pullRequestIteration
    pullRequest.pullRequestNumber pullRequest.sourceBranch pullRequest.sourceCommitId
    pullRequest.sourceRepositoryUri pullRequest.targetBranch pullRequest.targetBranchName restrictSecrets
    selfManageGitCreds serverType sourceVersionMessage stageAttempt stageDisplayName stageId stageName
    taskDefinitionsUri taskDisplayName taskInstanceId taskInstanceName teamFoundationCollectionUri
    teamFoundationServerUri teamProject teamProjectId timelineId totalJobsInPhase workFolder workflow`,
  pipeline: 'repository.name workspace',
  task: 'displayName publishTelemetry skipTranslatorForCheckout',
  common: 'testResultsDirectory',
  process: 'clean cleanTaskKey',
};

/** All of them in full, as they are documented: `build.artifactStagingDirectory`. */
export const predefinedVariables: readonly string[] = Object.entries(names).flatMap(([scope, list]) =>
  list.split(/\s+/).map((name) => (scope === '' ? name : `${scope}.${name}`)),
);
