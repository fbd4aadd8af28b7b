import { harmless, quoted } from '../domain/text.js';
import type { WizardSync } from '../domain/wizard-sync.js';
import type { Inputs } from './form.js';
import type { RawInputs } from './inputs.js';

/**
 * What is wrong with inputs that are right each for itself. One that has a problem of its own has no value here, so
 * nothing is said of it twice.
 * @param raw only to propose a name from what was typed
 * @param sync what some inputs were filled in from
 */
export function jointProblems(inputs: Partial<Inputs>, raw: RawInputs, sync?: WizardSync): string[] {
  // With a sync of Infisical the name to propose is known only when that was read.
  const lacksGroup =
    inputs.destination === 'variableGroup' && inputs.variableGroup === '' && raw.infisicalSync === '';
  return [
    ...connectionProblems(inputs),
    ...(lacksGroup ? [missingGroup(raw, sync)] : []),
    ...(inputs.action === 'remove' ? removalProblems(inputs) : []),
    ...(inputs.action === 'check' && inputs.destination === 'pipelineVariables' ? [nothingToCheck] : []),
  ];
}

/** The form asks for the connection; YAML does not, since the field is hidden at first. */
function connectionProblems(inputs: Partial<Inputs>): string[] {
  const { azureDevOpsConnectionType: type } = inputs;
  if (type === 'entra' && inputs.azureDevOpsConnection === '')
    return [
      'azureDevOpsConnection: is empty. With azureDevOpsConnectionType "entra", choose a service connection of the type "Azure DevOps".',
    ];
  if (type === 'personalAccessToken' && inputs.azureDevOpsTokenConnection === '')
    return [
      'azureDevOpsTokenConnection: is empty. With azureDevOpsConnectionType "personalAccessToken", choose a service connection of the type "Azure Repos/Team Foundation Server".',
    ];
  return [];
}

function missingGroup(raw: RawInputs, sync: WizardSync | undefined): string {
  if (sync !== undefined) {
    return `variableGroup: is empty. Name the variable group to write; Infisical’s own sync calls it ${quoted(sync.environment.name)}, like the environment. It is made when it is missing.`;
  }
  const proposal = [raw.infisicalProject, raw.environment].filter((part) => part !== '').join('-');
  const example = proposal === '' ? '' : `, for example "${harmless(proposal)}"`;
  return `variableGroup: is empty. Name the variable group to write${example}; it is made when it is missing.`;
}

const nothingToCheck =
  'action: is "check", but the variables of a run begin with it, so there is nothing to check. Choose "sync" or "plan".';

function removalProblems({ destination, disableSecretDeletion, keySchema }: Partial<Inputs>): string[] {
  if (destination === 'pipelineVariables') {
    return [
      'action: is "remove", but the variables of a run end with it, so there is nothing to remove. Choose "sync" or "plan".',
    ];
  }
  return [
    ...(disableSecretDeletion === true
      ? [
          'action: is "remove", which disableSecretDeletion forbids. Set disableSecretDeletion to false to remove.',
        ]
      : []),
    ...(destination === 'pipelineDefinition' && keySchema?.narrows === false
      ? [
          'keySchema: has no prefix or suffix, and without one nothing tells which variables of a pipeline are this sync’s, so none can be removed. Give the keySchema that the sync had, or delete them by hand.',
        ]
      : []),
  ];
}
