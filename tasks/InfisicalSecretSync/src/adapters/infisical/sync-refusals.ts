import type { SourceError } from '../../domain/errors.js';
import { quoted } from '../../domain/text.js';
import type { HttpResponse } from '../http/exchange.js';
import { readCauses } from './read-refusals.js';
import { requestRefusal, type Cause, type RefusedRequest } from './refusals.js';

/** Why a sync of the wizard could not be read. */
export function syncRefusal(name: string) {
  const causes: readonly Cause[] = [
    {
      sign: /Could not find Azure DevOps Sync/i,
      message: ({ server, project }) =>
        `${server} has no sync ${quoted(name)} to Azure DevOps in the project ${quoted(project)}. Check infisicalSync (the name in Project › Integrations › Secret Syncs) and infisicalProject.`,
    },
    {
      sign: /is not configured for/i,
      message: ({ server, project }) =>
        `${server} says that the sync ${quoted(name)} of the project ${quoted(project)} has another destination than Azure DevOps. Set infisicalSync to one that writes to Azure DevOps, or leave infisicalSync empty.`,
    },
    {
      sign: /PermissionDenied/i,
      message: ({ server, project }) =>
        `${server} says that this machine identity may not read secret syncs in the project ${quoted(project)}. Give its role the permission "Read" on "Secret Syncs" as well (the role Viewer has it).`,
    },
    ...readCauses,
  ];
  return (response: HttpResponse, about: RefusedRequest): SourceError =>
    requestRefusal(response, about, causes);
}
