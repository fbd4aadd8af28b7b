import { ConfigError } from '../domain/errors.js';
import { madeSyncName } from '../domain/sync-name.js';
import type { WizardSync } from '../domain/wizard-sync.js';
import type { SyncSettings } from '../domain/settings.js';
import type { SourceScope } from '../domain/source.js';
import { applicableInputs, ignoredNotices } from './applicable.js';
import type { ProjectName } from './fields.js';
import { parseForm, type Inputs } from './form.js';
import { inputNames, type RawInputs } from './inputs.js';
import { groupProposal, jointProblems, lacksGroup, missingGroup } from './joint-rules.js';
import { filledIn, fixedThere, touchedProblems, untouched, withoutUnread } from './take-over.js';
import { judgeUnknownInputs } from './unknown-inputs.js';

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
  /** A service connection of Azure Resource Manager, which counts with Azure Auth; may be empty. */
  azureConnectionId: string;
  source: SourceScope & { project: ProjectName; includeImports: boolean };
  destination: Destination;
  settings: SyncSettings;
  /** What the person should know about the inputs, though nothing is wrong with it. */
  notices: readonly string[];
  /** The sync in Infisical that the rest of the source comes from; until it was read, there is no environment. */
  takeOver?: { name: string; complete: (sync: WizardSync) => Config };
  /** … once it was read. */
  wizardSync?: WizardSync;
}

type Checked = Omit<Config, 'notices'>;

/**
 * Reads the inputs of the step: each for itself, and then the rules that tie them together.
 * @param names of all inputs that the step was given, known or not
 * @throws ConfigError with every problem at once, in the order of the form.
 */
export function parseConfig(given: RawInputs, names: readonly string[] = []): Config {
  const unknown = judgeUnknownInputs(names);
  const notices = [...unknown.notices, ...ignoredNotices(given)];
  const raw = applicableInputs(given);
  if (raw.infisicalSync === '') return { ...parseComplete(raw, unknown.problems), notices };
  const config = parseUnread(raw, unknown.problems);
  const name = raw.infisicalSync.toLowerCase();
  return {
    ...config,
    notices,
    source: { ...config.source, environment: '' },
    settings: { ...config.settings, syncName: name },
    takeOver: { name, complete: (sync) => ({ ...completeWith(sync, raw), notices }) },
  };
}

/**
 * As much as can be said before the sync of Infisical was read. A missing group alone waits for it, because the sync
 * proposes a name.
 * @throws ConfigError
 */
function parseUnread(raw: RawInputs, others: readonly string[]): Checked {
  const { inputs, problems } = parseForm(untouched(raw));
  const all = [...others, ...touchedProblems(raw), ...problems, ...jointProblems(withoutUnread(inputs))];
  if (all.length > 0) refuse([...all, ...(lacksGroup(inputs) ? [missingGroup('')] : [])]);
  return configFrom(inputs as Inputs);
}

/** @throws ConfigError about what the sync in Infisical says, too */
function completeWith(sync: WizardSync, raw: RawInputs): Checked {
  try {
    return { ...parseComplete(applicableInputs(filledIn(raw, sync)), [], sync), wizardSync: sync };
  } catch (cause) {
    throw cause instanceof ConfigError ? fixedThere(cause.problems, sync) : cause;
  }
}

/** @param others problems that were found before */
function parseComplete(raw: RawInputs, others: readonly string[], sync?: WizardSync): Checked {
  const { inputs, problems } = parseForm(raw);
  const missing = lacksGroup(inputs) ? [missingGroup(groupProposal(inputs, sync))] : [];
  const all = [...others, ...problems, ...jointProblems(inputs), ...missing];
  if (all.length > 0) refuse(all);
  // Only an input with a problem has no value.
  return configFrom(inputs as Inputs);
}

function refuse(problems: readonly string[]): never {
  const order = (problem: string): number => inputNames.findIndex((name) => problem.startsWith(`${name}: `));
  throw new ConfigError(problems.toSorted((a, b) => order(a) - order(b)));
}

function configFrom(inputs: Inputs): Checked {
  const { environment, secretPath, recursive, expandSecretReferences, tags, includeImports } = inputs;
  return {
    connectionId: inputs.infisicalConnection,
    azureConnectionId: inputs.azureConnection,
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
      syncName:
        inputs.syncName === ''
          ? madeSyncName({ project: inputs.infisicalProject.text, environment, secretPath })
          : inputs.syncName,
      ...(inputs.syncDescription === '' ? {} : { syncDescription: inputs.syncDescription }),
      keySchema: inputs.keySchema.in(environment),
      plainTag: inputs.plainTag,
      overwriteOnFirstSync: inputs.initialSyncBehavior === 'overwriteDestination',
      disableSecretDeletion: inputs.disableSecretDeletion,
      autoSync: inputs.autoSync,
      detectChanges: inputs.detectChanges,
      approvedPlan: inputs.approvedPlan,
      ...(inputs.maxDeletions === undefined ? {} : { maxDeletions: inputs.maxDeletions }),
      allowEmptySource: inputs.allowEmptySource,
    },
  };
}

function destinationFrom(inputs: Inputs): Destination {
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

function signInFrom(inputs: Inputs): SignIn {
  const { azureDevOpsConnectionType: kind } = inputs;
  if (kind === 'currentPipeline') return { kind };
  const connectionId = kind === 'entra' ? inputs.azureDevOpsConnection : inputs.azureDevOpsTokenConnection;
  return { kind, connectionId };
}
