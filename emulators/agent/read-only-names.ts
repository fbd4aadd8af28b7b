const names = `
agent.acceptteeeula agent.builddirectory agent.cloudid agent.containerid agent.containermapping agent.containernetwork
agent.diagnostic FIX_POSSIBLE_GIT_OUT_OF_MEMORY_PROBLEM agent.gituseschannel agent.homedirectory agent.id
agent.isselfhosted agent.jobname agent.jobstatus agent.machinename agent.name agent.os agent.osarchitecture
agent.osversion agent.usebasicauthforproxy agent.proxybypasslist agent.proxypassword agent.proxyurl
agent.proxyusername agent.readOnlyVariables agent.retainDefaultEncoding agent.RootDirectory agent.runMode
agent.ServerOMDirectory agent.services agent.cainfo agent.clientcert agent.clientcertarchive agent.clientcertkey
agent.clientcertpassword agent.skipcertvalidation agent.TempDirectory agent.ToolsDirectory USE_GIT_LONG_PATHS
USE_GIT_SINGLE_THREAD agent.version agent.workfolder agent.WorkingDirectory
build.artifactstagingdirectory build.binariesdirectory build.clean build.definitionname build.gated.runci
build.gated.shelvesetname build.buildNumber pipeline.repository.name build.repository.clean
build.repository.git.submodulecheckout build.repository.id build.repository.localpath build.Repository.name
build.repository.provider build.repository.tfvc.workspace build.repository.uri build.sourcebranch
build.sourcetfvcshelveset build.sourceversion build.sourceversionauthor build.sourceVersionMessage
build.sourcesdirectory build.stagingdirectory build.syncSources build.useserverworkspaces
common.testresultsdirectory agent.clean.buildDirectory agent.source.git.lfs agent.source.git.shallowFetchDepth
agent.source.skip pipeline.workspace
agent.releaseDirectory system.artifactsDirectory release.attemptNumber release.disableRobocopy release.definitionId
release.definitionName release.releaseDescription release.artifact.download.buffersize release.environmentName
release.environmentUri release.releaseId release.releaseName release.artifact.download.parallellimit
release.requestedForId release.releaseUri release.releaseWebUrl release.requestedFor release.robocopyMT
release.skipartifactsDownload
system.accessToken system.collectionid system.culture system.debug system.defaultworkingdirectory system.definitionid
system.definitionName system.enableAccessToken system.hosttype system.isazurevm system.isdockercontainer
system.jobAttempt system.jobDisplayName system.jobId system.jobName system.phaseAttempt system.phaseDisplayName
system.phaseName system.planId system.prefergitfrompath system.pullrequest.targetbranch system.selfmanagegitcreds
system.servertype system.sourceVersionMessage system.stageAttempt system.stageDisplayName system.stageName
system.TeamFoundationServerUri system.teamproject system.teamProjectId system.workfolder
task.displayname task.skipTranslatorForCheckout task.publishTelemetry`;

/** What a task may not set once it has a value (Constants.Variables.ReadOnlyVariables, agent 42bde98), in lower case. */
export const readOnlyNames: ReadonlySet<string> = new Set(names.toLowerCase().split(/\s+/).filter(Boolean));
