import type * as z from 'zod/mini';
import { harmless } from '../domain/text.js';
import * as fields from './fields.js';
import { inputNames, type InputName, type RawInputs } from './inputs.js';

/** Every input with what it may be and what an empty one means. */
const form = {
  infisicalConnection: fields.requiredText(
    'Choose a service connection of the type "Infisical machine identity"',
  ),
  azureConnection: fields.text,
  infisicalProject: fields.project,
  infisicalSync: fields.syncName,
  environment: fields.environment,
  secretPath: fields.secretPath,
  recursive: fields.flag(false),
  includeImports: fields.flag(true),
  expandSecretReferences: fields.flag(true),
  tags: fields.slugList,
  destination: fields.destination,
  azureDevOpsConnectionType: fields.azureDevOpsConnectionType,
  azureDevOpsConnection: fields.text,
  azureDevOpsTokenConnection: fields.text,
  azureDevOpsProject: fields.azureDevOpsProject,
  variableGroup: fields.text,
  authorizePipelines: fields.choice(['none', 'thisPipeline', 'allPipelines'], 'none'),
  pipelineId: fields.pipelineId,
  setAsOutput: fields.flag(false),
  initialSyncBehavior: fields.initialSyncBehavior,
  keySchema: fields.keySchema,
  autoSync: fields.flag(true),
  disableSecretDeletion: fields.flag(false),
  detectChanges: fields.flag(true),
  plainTag: fields.text,
  syncName: fields.syncName,
  syncDescription: fields.syncDescription,
  action: fields.action,
  approvedPlan: fields.approvedPlan,
  maxDeletions: fields.maxDeletions,
  allowEmptySource: fields.flag(false),
} satisfies Record<InputName, z.ZodMiniType<unknown, string>>;

/** Every input as what it is. */
export type Inputs = { [Name in InputName]: z.infer<(typeof form)[Name]> };

/** Parses each input for itself. One that is wrong has no value, and a problem that names it. */
export function parseForm(raw: RawInputs): { inputs: Partial<Inputs>; problems: string[] } {
  const parsed = inputNames.map((name) => [name, form[name].safeParse(raw[name])] as const);
  return {
    inputs: Object.fromEntries(
      parsed.flatMap(([name, { success, data }]) => (success ? [[name, data] as const] : [])),
    ),
    problems: parsed.flatMap(([name, { error }]) =>
      (error?.issues ?? []).map(({ message }) => `${name}: ${harmless(message)}.`),
    ),
  };
}

/** Whether a text says what an empty one says. Without values that can be compared, it does not. */
export function isDefault(name: InputName, text: string): boolean {
  const [given, empty] = [form[name].safeParse(text), form[name].safeParse('')];
  return given.success && empty.success && given.data === empty.data;
}
