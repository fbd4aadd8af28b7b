import * as z from 'zod/mini';
import { ConfigError } from '../domain/errors.js';
import { parseKeySchema } from '../domain/key-schema.js';
import type { SyncSettings } from '../domain/settings.js';
import type { SourceScope } from '../domain/source.js';
import { harmless } from '../domain/text.js';
import * as fields from './fields.js';
import { inputNames, type RawInputs } from './inputs.js';

/** What the person asked for, checked and complete. */
export interface Config {
  connectionId: string;
  source: SourceScope & { project: fields.ProjectName; includeImports: boolean };
  destination: {
    /** Name or ID; empty means the project that the pipeline runs in. */
    project: string;
    variableGroup: string;
    authorizePipelines: 'none' | 'thisPipeline' | 'allPipelines';
  };
  settings: SyncSettings;
}

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
  destination: fields.choice(['variableGroup'], 'variableGroup'),
  azureDevOpsProject: fields.text,
  variableGroup: fields.text,
  authorizePipelines: fields.choice(['none', 'thisPipeline', 'allPipelines'], 'none'),
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
export function parseConfig(raw: RawInputs): Config {
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

function jointProblems(raw: RawInputs): string[] {
  const problems: string[] = [];
  if (raw.variableGroup === '') {
    const proposal = [raw.infisicalProject, raw.environment].filter((part) => part !== '').join('-');
    problems.push(
      `variableGroup: is empty. Name the variable group to write${proposal === '' ? '' : `, for example "${harmless(proposal)}"`}; it is made when it is missing.`,
    );
  }
  if (raw.action === 'remove' && /^true$/i.test(raw.disableSecretDeletion)) {
    problems.push(
      'action: is "remove", which disableSecretDeletion forbids. Set disableSecretDeletion to false to remove.',
    );
  }
  return problems;
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
    destination: {
      project: inputs.azureDevOpsProject,
      variableGroup: inputs.variableGroup,
      authorizePipelines: inputs.authorizePipelines,
    },
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
