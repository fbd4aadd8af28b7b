import { quoted } from '../domain/text.js';
import type { WizardSync } from '../domain/wizard-sync.js';
import type { Inputs } from './form.js';

/**
 * What is wrong with inputs that are right each for itself. One that has a problem of its own has no value here, so
 * nothing is said of it twice.
 */
export function jointProblems(inputs: Partial<Inputs>): string[] {
  return [
    ...connectionProblems(inputs),
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

export function lacksGroup(inputs: Partial<Inputs>): boolean {
  return inputs.destination === 'variableGroup' && inputs.variableGroup === '';
}

/** @param proposal continues "… the variable group to write" */
export function missingGroup(proposal: string): string {
  return `variableGroup: is empty. Enter the name of the variable group to write${proposal}. The task creates the group if it does not exist.`;
}

/** A name for the group, from inputs that are right or from what a sync of Infisical says. */
export function groupProposal(inputs: Partial<Inputs>, sync: WizardSync | undefined): string {
  if (sync !== undefined)
    return `. Infisical’s own sync uses ${quoted(sync.environment.name)}, the name of the environment`;
  const parts = [inputs.infisicalProject?.text, inputs.environment].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : `, for example ${quoted(parts.join('-'))}`;
}

const nothingToCheck =
  'action: is "check", but no variables of a run exist before it, so there is nothing to compare. Choose "sync" or "plan".';

function removalProblems({ destination, disableSecretDeletion, keySchema }: Partial<Inputs>): string[] {
  if (destination === 'pipelineVariables') {
    return [
      'action: is "remove", but the variables of a run disappear when it ends, so there is nothing to remove. Choose "sync" or "plan".',
    ];
  }
  return [
    ...(disableSecretDeletion === true
      ? [
          'action: is "remove", but disableSecretDeletion is true. Set disableSecretDeletion to false to remove the secrets.',
        ]
      : []),
    ...(destination === 'pipelineDefinition' && keySchema?.narrows === false
      ? [
          'keySchema: has no prefix or suffix. Without one, the task cannot tell which variables of the pipeline belong to this sync, so it removes none. Enter the keySchema that the sync had, or delete the variables by hand.',
        ]
      : []),
  ];
}
