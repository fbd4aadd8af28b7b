import type { DestinationError } from '../../../domain/errors.js';
import { quoted } from '../../../domain/text.js';
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

const deeds: Record<RefusedGroupCall['action'], string> = {
  read: 'read the variable groups',
  create: 'create the variable group',
  update: 'change the variable group',
  delete: 'delete the variable group',
};

/** Why Azure DevOps refused a request about a variable group. */
export function groupRefusal(response: HttpResponse, about: RefusedGroupCall): DestinationError {
  const { action, group, project, identity } = about;
  const call = { deed: deeds[action], thing: `variable group ${quoted(group)}`, project, identity };
  return callRefusal(response, call, (typeKey) => {
    const { status } = response;
    if (status === 403 || typeKey === 'AccessDeniedException') return missingRole(about);
    if (status === 400 && action !== 'read') {
      return `Azure DevOps refused the content of the variable group ${quoted(group)}. Look for values longer than 4,096 characters and for unusual names; the plan above lists them.`;
    }
    return `Azure DevOps refused to ${deeds[action]} ${quoted(group)} in project ${quoted(project)}.`;
  });
}

function missingRole({ action, group, project, identity }: RefusedGroupCall): string {
  const deed = action === 'read' ? 'read the variable group' : deeds[action];
  return also(
    action === 'create'
      ? `${identity.title} may not create variable groups in project ${quoted(project)}. Give it the Creator role under Pipelines › Library › Security, or create the group ${quoted(group)} by hand and make it Administrator there.`
      : `${identity.title} may not ${deed} ${quoted(group)} in project ${quoted(project)}. Give it the Administrator role under Pipelines › Library › the group › Security.`,
    identity,
  );
}
