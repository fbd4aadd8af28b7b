import { DestinationError } from '../../domain/errors.js';
import { quoted } from '../../domain/text.js';
import { blockedByPolicy } from '../entra/token-refusals.js';
import type { HttpResponse } from '../http/exchange.js';
import { jsonOf, textField } from '../http/json.js';
import type { AzureDevOpsIdentity } from './sign-in/identity.js';

/** What a refused request was about. */
export interface RefusedCall {
  /** Continues "refused to …"; names in it are quoted. */
  deed: string;
  /** As it is called; the sentence quotes it. */
  project: string;
  identity: AzureDevOpsIdentity;
}

/** The name of the failure in an error body: the one thing in it that can be relied upon. */
export function typeKeyOf(response: HttpResponse): string | undefined {
  const key = textField(jsonOf(response)?.value, 'typeKey');
  return key !== undefined && /^[A-Za-z]{1,80}$/.test(key) ? key : undefined;
}

/**
 * Whether Azure DevOps did not take the token. It says so by 401, by a redirect to its sign-in page, or by that page
 * with a success status; only JSON with a success status is an answer.
 */
export function isNotSignedIn(response: HttpResponse): boolean {
  const { status } = response;
  if (status === 401 || status === 203 || status === 302 || status === 303) return true;
  return status >= 200 && status < 300 && status !== 204 && jsonOf(response) === undefined;
}

/** Azure DevOps says so by number only (VS403463), in JSON or on a page. */
function isBlockedByPolicy({ status, body }: HttpResponse): boolean {
  return (status === 401 || status === 403) && /VS403463/.test(body);
}

/**
 * Why Azure DevOps refused, as a message with the way out. Never its own words: they may hold anything.
 * @param otherwise the reasons that only this kind of request has
 */
export function callRefusal(
  response: HttpResponse,
  call: RefusedCall,
  otherwise: (typeKey: string | undefined) => string,
): DestinationError {
  const typeKey = typeKeyOf(response);
  const facts = typeKey === undefined ? String(response.status) : `${String(response.status)}, ${typeKey}`;
  const reason = commonReason(response, call, typeKey) ?? otherwise(typeKey);
  return new DestinationError(`${reason} (status ${facts})`);
}

function commonReason(
  response: HttpResponse,
  { deed, project, identity }: RefusedCall,
  typeKey: string | undefined,
): string | undefined {
  const { status } = response;
  if (isBlockedByPolicy(response)) {
    return blockedByPolicy(identity.title);
  }
  if (isNotSignedIn(response)) {
    return `Azure DevOps refused to ${deed} in project ${quoted(project)}: ${identity.whenRefused}`;
  }
  if (status === 404 && typeKey === undefined && identity.whenNotFound !== undefined) {
    return `Azure DevOps found nothing at ${quoted(identity.collectionUrl)} when asked to ${deed} in project ${quoted(project)}. ${identity.whenNotFound}`;
  }
  if (typeKey !== undefined && /^ProjectDoesNotExist/.test(typeKey)) {
    return `Azure DevOps has no project ${quoted(project)}, or ${identity.title} may not see it. Check azureDevOpsProject. ${identity.toSeeProject}`;
  }
  if (status === 429) {
    return 'Azure DevOps limits the rate of requests of this identity and refused this one. Start fewer jobs at once, or run the step again later.';
  }
  if (status >= 500) {
    return `Azure DevOps reported an internal error when asked to ${deed} in project ${quoted(project)}. Check https://status.dev.azure.com, and run the step again later.`;
  }
  return undefined;
}

/** A missing permission with who else may be the one to give it to. */
export function also(message: string, { otherTitle }: AzureDevOpsIdentity): string {
  return otherTitle === undefined ? message : `${message} ${otherTitle}`;
}

/**
 * An answer that can't be read.
 * @param at where it can't be read, in brackets
 */
export function unknownForm(
  thing: string,
  action: 'read' | 'create' | 'update' | 'delete',
  at = '',
): DestinationError {
  return new DestinationError(
    action === 'read'
      ? `Azure DevOps described ${thing} in a form that this task does not know${at}. This task does not write what it can’t read, because the rest would be lost. Check for a newer version of this extension.`
      : `Azure DevOps answered a write of ${thing} in a form that this task does not know${at}. Check for a newer version of this extension.`,
  );
}
