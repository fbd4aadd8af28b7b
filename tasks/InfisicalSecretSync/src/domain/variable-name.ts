/**
 * Names that the agent keeps to itself. Read-only variables and settings ("knobs") of microsoft/azure-pipelines-agent
 * (Constants.cs, AgentKnobs.cs, August 2026): a pipeline variable of such a name changes how the agent behaves.
 */
const agentNames = new Set(
  [
    'PATH DECODE_PERCENTS SYSTEM_UNSAFEALLOWMULTILINESECRET SYSTEM_DONOTMASKMULTILINESECRETS',
    'PROCESS_SIGINT_TIMEOUT PROCESS_SIGTERM_TIMEOUT USE_GRACEFUL_PROCESS_SHUTDOWN PIPELINE_JOB_OOMSCOREADJ',
    'DISABLE_INPUT_TRIMMING DISABLE_AUTHENTICODE_VALIDATION DISABLE_HASH_VALIDATION DISABLE_NODE6_DEPRECATION_WARNING',
    'DISABLE_OVERRIDE_TFVC_BUILD_DIRECTORY DISABLE_TEE_PLUGIN_REMOVAL DISABLE_BUILD_ARTIFACTS_TO_BLOB',
    'DISABLE_JAVA_CAPABILITY_HIGHER_THAN_9 DISABLE_RESOURCE_UTILIZATION_WARNINGS ENABLE_ISSUE_SOURCE_VALIDATION',
    'ENABLE_FCS_ITEM_PATH_FIX ENABLE_VS_PRERELEASE_VERSIONS FAIL_JOB_WHEN_AGENT_DIES WORKER_DIAGLOGPATH',
    'ADD_FORCE_CREDENTIALS_TO_GIT_CHECKOUT ADD_FORCE_CREDENTIALS_TO_GIT_CHECKOUT_ENHANCED ALLOW_TFVC_UNSHELVE_ERRORS',
    'FIX_POSSIBLE_GIT_OUT_OF_MEMORY_PROBLEM USE_GIT_LONG_PATHS USE_GIT_SINGLE_THREAD USE_GIT_2_39_4 USE_GIT_2_42_0_2',
    'OVERRIDE_PIPELINE_ARTIFACT_CHUNKSIZE PIPELINE_ARTIFACT_ASSOCIATE_TIMEOUT ROSETTA2_WARNING RSAKEYGETCONFIGFROMFF',
    'SEND_BUILD_ARTIFACTS_TO_BLOBSTORE_DOMAIN SEND_BUILD_ARTIFACT_ARTIFACTS_TO_BLOBSTORE_DOMAIN',
    'SEND_PIPELINE_ARTIFACTS_TO_BLOBSTORE_DOMAIN SEND_PIPELINE_ARTIFACT_ARTIFACTS_TO_BLOBSTORE_DOMAIN',
    'SEND_PIPELINE_CACHE_TO_BLOBSTORE_DOMAIN STORE_AGENT_KEY_IN_CSP_CONTAINER TEE_PLUGIN_DOWNLOAD_RETRY_COUNT',
    'USENEWNODEHANDLERTELEMETRY TF_BUILD COMMON.TESTRESULTSDIRECTORY PIPELINE.WORKSPACE PIPELINE.REPOSITORY.NAME',
  ].flatMap((line) => line.split(' ')),
);
const agentPrefixes =
  /^(?:AGENT[._]|AZP_|VSTS[._]|VSTSAGENT_|BUILD\.|RELEASE\.|SYSTEM\.|TASK\.|MAINTENANCE\.|DISTRIBUTEDTASK\.)/;

/** Plain variables reach every script's environment, and there these names steer other programs. */
const environmentNames =
  /^(?:NODE_OPTIONS|NODE_TLS_REJECT_UNAUTHORIZED|NODE_EXTRA_CA_CERTS|LD_PRELOAD|LD_LIBRARY_PATH|BASH_ENV|(?:HTTP|HTTPS|ALL|NO)_PROXY)$/;

/** Microsoft's documentation: such variables "will not be available to your tasks and scripts". */
const documentedPrefixes = /^(?:endpoint|input|secret|securefile|path)/i;

/** Why a variable of this name must not be written, or nothing. */
export function nameProblem(name: string, isPlain: boolean): string | undefined {
  const upper = name.toUpperCase();
  if (name === '') return 'the name is empty';
  if (name === '__proto__') return 'programs can’t keep a variable of this name';
  if (/\p{Cc}/u.test(name)) return 'the name holds a control character';
  if (name !== name.trim()) return 'the name begins or ends with a blank';
  if (/[$()/]/.test(name)) return 'the name holds "$", "(", ")" or "/", which Azure Pipelines can’t refer to';
  if (agentNames.has(upper) || agentPrefixes.test(upper)) return 'the agent keeps this name to itself';
  if (isPlain && environmentNames.test(upper)) {
    return 'a plain variable of this name would steer other programs of the job';
  }
  return undefined;
}

/** How the agent turns a name into an environment variable (VarUtil.cs): everything but `.` and blank stays. */
export function environmentName(name: string): string {
  return name.replaceAll('.', '_').replaceAll(' ', '_').toUpperCase();
}

/** What is worth knowing about a name that is allowed, or nothing. */
export function nameNotice(name: string): 'unreadable in scripts' | 'documented prefix' | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_.]*$/.test(name)) return 'unreadable in scripts';
  if (documentedPrefixes.test(name)) return 'documented prefix';
  return undefined;
}
