import type { DestinationError } from '../../../domain/errors.js';
import { capitalized, quoted } from '../../../domain/text.js';
import type { HttpResponse } from '../../http/exchange.js';
import { also, callRefusal } from '../refusals.js';
import type { AzureDevOpsIdentity } from '../sign-in/identity.js';

/** A refused request about a variable group. */
export interface RefusedGroupCall {
  action: 'read' | 'create' | 'update' | 'delete';
  /** Names as they are; the sentence quotes them. */
  group: string;
  project: string;
  identity: AzureDevOpsIdentity;
}

/** How long a name may be is documented nowhere; names of projects end at 64. */
const longName = 64;

const advice =
  'look for unusual names in the plan above, and for values longer than 4,096 characters in Infisical. Rename or shorten them, or leave them out with tags.';

const deeds: Record<RefusedGroupCall['action'], string> = {
  read: 'read the variable group',
  create: 'create the variable group',
  update: 'change the variable group',
  delete: 'delete the variable group',
};

/** Why Azure DevOps refused a request about a variable group. */
export function groupRefusal(response: HttpResponse, about: RefusedGroupCall): DestinationError {
  const { action, group, project, identity } = about;
  const deed = `${deeds[action]} ${quoted(group)}`;
  const call = { deed, project, identity };
  return callRefusal(response, call, (typeKey) => {
    const { status } = response;
    if (status === 403 || typeKey === 'AccessDeniedException') return missingRole(deed, about);
    if (status === 400 && action === 'create' && group.length > longName) {
      return `Azure DevOps refused to create the variable group ${quoted(group)}. Its name has ${String(group.length)} characters, which may be too many: choose a shorter variableGroup. If that does not help, ${advice}`;
    }
    if (status === 400 && action !== 'read') {
      return `Azure DevOps refused the content of the variable group ${quoted(group)}. ${capitalized(advice)}`;
    }
    return `Azure DevOps refused to ${deed} in project ${quoted(project)}. Check azureDevOpsProject and variableGroup. If the step names a service connection to Azure DevOps, check that its URL ends with the organization or collection.`;
  });
}

function missingRole(deed: string, { action, group, project, identity }: RefusedGroupCall): string {
  return also(
    action === 'create'
      ? `${identity.title} may not create variable groups in project ${quoted(project)}. Give it the Creator role under Pipelines › Library › Security, or create the group ${quoted(group)} yourself and give it the Administrator role on that group.`
      : `${identity.title} may not ${deed} in project ${quoted(project)}. Give it the Administrator role under Pipelines › Library › the group › Security.`,
    identity,
  );
}
