/** Every input of task.json, in its order. */
export const inputNames = [
  'infisicalConnection',
  'azureConnection',
  'infisicalProject',
  'infisicalSync',
  'environment',
  'secretPath',
  'recursive',
  'includeImports',
  'expandSecretReferences',
  'tags',
  'destination',
  'azureDevOpsConnectionType',
  'azureDevOpsConnection',
  'azureDevOpsTokenConnection',
  'azureDevOpsProject',
  'variableGroup',
  'authorizePipelines',
  'pipelineId',
  'setAsOutput',
  'initialSyncBehavior',
  'keySchema',
  'autoSync',
  'disableSecretDeletion',
  'detectChanges',
  'plainTag',
  'syncName',
  'syncDescription',
  'action',
  'approvedPlan',
  'maxDeletions',
  'allowEmptySource',
] as const;

export type InputName = (typeof inputNames)[number];
export type RawInputs = Record<InputName, string>;

/** Reads every input as text; what is not given is empty. No defaults, no checks. */
export function readInputs(read: (name: InputName) => string | undefined): RawInputs {
  return Object.fromEntries(inputNames.map((name) => [name, (read(name) ?? '').trim()])) as RawInputs;
}
