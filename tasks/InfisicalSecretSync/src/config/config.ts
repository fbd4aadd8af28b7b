import * as z from 'zod/mini';
import { ConfigError } from '../domain/errors.js';
import { parseKeySchema } from '../domain/key-schema.js';
import type { SyncSettings } from '../domain/settings.js';
import type { SourceScope } from '../domain/source.js';
import { harmless } from '../domain/text.js';
import { applicableInputs } from './applicable.js';
import * as fields from './fields.js';
import { inputNames, type RawInputs } from './inputs.js';

/** Who signs in to Azure DevOps: the job, or what a service connection holds, which says where, too. */
export type SignIn =
  { kind: 'currentPipeline' } | { kind: 'entra' | 'personalAccessToken'; connectionId: string };

/** Where the secrets go. A `project` is a name or an ID; empty means the one that the pipeline runs in. */
export type Destination =
  | {
      kind: 'variableGroup';
      signIn: SignIn;
      project: string;
      variableGroup: string;
      authorizePipelines: 'none' | 'thisPipeline' | 'allPipelines';
    }
  | { kind: 'pipelineVariables'; setAsOutput: boolean }
  | {
      kind: 'pipelineDefinition';
      signIn: SignIn;
      project: string;
      /** undefined = the pipeline that runs. */
      pipelineId: number | undefined;
    };

/** What the person asked for, checked and complete. */
export interface Config {
  connectionId: string;
  source: SourceScope & { project: fields.ProjectName; includeImports: boolean };
  destination: Destination;
  settings: SyncSettings;
}

const destinations = ['variableGroup', 'pipelineVariables', 'pipelineDefinition'] as const;

const signIns = ['currentPipeline', 'entra', 'personalAccessToken'] as const;

const Inputs = z.object({
  infisicalConnection: fields.requiredText(
    'Choose a service connection of the type "Infisical machine identity"',
  ),
  infisicalProject: fields.project,
  environment: fields.environment,
  secretPath: fields.secretPath,
  recursive: fields.flag(false),
  includeImports: fields.flag(true),
  expandSecretReferences: fields.flag(true),
  tags: fields.slugList,
  destination: fields.choice(destinations, 'variableGroup'),
  azureDevOpsConnectionType: fields.choice(signIns, 'currentPipeline'),
  azureDevOpsConnection: fields.text,
  azureDevOpsTokenConnection: fields.text,
  azureDevOpsProject: fields.text,
  variableGroup: fields.text,
  authorizePipelines: fields.choice(['none', 'thisPipeline', 'allPipelines'], 'none'),
  pipelineId: fields.pipelineId,
  setAsOutput: fields.flag(false),
  initialSyncBehavior: fields.initialSyncBehavior,
  keySchema: fields.keySchema,
  autoSync: fields.flag(true),
  disableSecretDeletion: fields.flag(false),
  plainTag: fields.text,
  syncName: fields.syncName,
  syncDescription: fields.syncDescription,
  action: fields.choice(['sync', 'plan', 'remove'], 'sync'),
  maxDeletions: fields.maxDeletions,
  allowEmptySource: fields.flag(false),
});

/**
 * Reads the inputs of the step.
 * @throws ConfigError with every problem at once, in the order of the form.
 */
export function parseConfig(given: RawInputs): Config {
  const raw = applicableInputs(given);
  const inputs = Inputs.safeParse(raw);
  const problems = [...(inputs.success ? [] : fieldProblems(inputs.error.issues)), ...jointProblems(raw)];
  if (problems.length > 0 || !inputs.success) {
    const order = (problem: string): number =>
      inputNames.findIndex((name) => problem.startsWith(`${name}: `));
    throw new ConfigError(problems.sort((a, b) => order(a) - order(b)));
  }
  return configFrom(inputs.data, raw);
}

function fieldProblems(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.map((issue) => `${issue.path.join('.')}: ${harmless(issue.message)}.`);
}

/** Rules that tie inputs together. What is wrong with one alone is said by its field. */
function jointProblems(raw: RawInputs): string[] {
  const isToGroup = raw.destination === '' || raw.destination === 'variableGroup';
  return [
    ...connectionProblems(raw),
    ...(isToGroup && raw.variableGroup === '' ? [missingGroup(raw)] : []),
    ...(raw.action === 'remove' ? removalProblems(raw) : []),
  ];
}

/** The form asks for the connection; YAML does not, since the field is hidden at first. */
function connectionProblems(raw: RawInputs): string[] {
  if (raw.azureDevOpsConnectionType === 'entra' && raw.azureDevOpsConnection === '')
    return [
      'azureDevOpsConnection: is empty. With azureDevOpsConnectionType "entra", choose a service connection of the type "Azure DevOps".',
    ];
  if (raw.azureDevOpsConnectionType === 'personalAccessToken' && raw.azureDevOpsTokenConnection === '')
    return [
      'azureDevOpsTokenConnection: is empty. With azureDevOpsConnectionType "personalAccessToken", choose a service connection of the type "Azure Repos/Team Foundation Server".',
    ];
  return [];
}

function missingGroup(raw: RawInputs): string {
  const proposal = [raw.infisicalProject, raw.environment].filter((part) => part !== '').join('-');
  const example = proposal === '' ? '' : `, for example "${harmless(proposal)}"`;
  return `variableGroup: is empty. Name the variable group to write${example}; it is made when it is missing.`;
}

function removalProblems(raw: RawInputs): string[] {
  if (raw.destination === 'pipelineVariables') {
    return [
      'action: is "remove", but the variables of a run end with it, so there is nothing to remove. Choose "sync" or "plan".',
    ];
  }
  return [
    ...(/^true$/i.test(raw.disableSecretDeletion)
      ? [
          'action: is "remove", which disableSecretDeletion forbids. Set disableSecretDeletion to false to remove.',
        ]
      : []),
    ...(raw.destination === 'pipelineDefinition' && !parseKeySchema(raw.keySchema, raw.environment).narrows
      ? [
          'keySchema: has no prefix or suffix, and without one nothing tells which variables of a pipeline are this sync’s, so none can be removed. Give the keySchema that the sync had, or delete them by hand.',
        ]
      : []),
  ];
}

function configFrom(inputs: z.infer<typeof Inputs>, raw: RawInputs): Config {
  const { environment, secretPath, recursive, expandSecretReferences, tags, includeImports } = inputs;
  return {
    connectionId: inputs.infisicalConnection,
    source: {
      project: inputs.infisicalProject,
      environment,
      secretPath,
      recursive,
      expandSecretReferences,
      tags,
      includeImports,
    },
    destination: destinationFrom(inputs),
    settings: {
      action: inputs.action,
      syncName: inputs.syncName === '' ? defaultSyncName(raw) : inputs.syncName,
      ...(inputs.syncDescription === '' ? {} : { syncDescription: inputs.syncDescription }),
      keySchema: parseKeySchema(inputs.keySchema, environment),
      plainTag: inputs.plainTag,
      overwriteOnFirstSync: inputs.initialSyncBehavior === 'overwriteDestination',
      disableSecretDeletion: inputs.disableSecretDeletion,
      autoSync: inputs.autoSync,
      ...(inputs.maxDeletions === undefined ? {} : { maxDeletions: inputs.maxDeletions }),
      allowEmptySource: inputs.allowEmptySource,
    },
  };
}

function destinationFrom(inputs: z.infer<typeof Inputs>): Destination {
  const { destination: kind, azureDevOpsProject: project } = inputs;
  const signIn = signInFrom(inputs);
  switch (kind) {
    case 'variableGroup': {
      const { variableGroup, authorizePipelines } = inputs;
      return { kind, signIn, project, variableGroup, authorizePipelines };
    }
    case 'pipelineVariables':
      return { kind, setAsOutput: inputs.setAsOutput };
    case 'pipelineDefinition':
      return { kind, signIn, project, pipelineId: inputs.pipelineId };
  }
}

function signInFrom(inputs: z.infer<typeof Inputs>): SignIn {
  const { azureDevOpsConnectionType: kind } = inputs;
  if (kind === 'currentPipeline') return { kind };
  const connectionId = kind === 'entra' ? inputs.azureDevOpsConnection : inputs.azureDevOpsTokenConnection;
  return { kind, connectionId };
}

/** The name follows project, environment and path as typed, so that the same inputs find the same mark again. */
function defaultSyncName(raw: RawInputs): string {
  return [raw.infisicalProject, raw.environment, raw.secretPath]
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 256)
    .replace(/-$/, '');
}
