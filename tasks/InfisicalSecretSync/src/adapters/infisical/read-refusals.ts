import type { SourceError } from '../../domain/errors.js';
import { quoted } from '../../domain/text.js';
import type { HttpResponse } from '../http/exchange.js';
import { ipDenied, requestRefusal, type Cause, type RefusedRequest } from './refusals.js';

const expired: Cause['message'] = ({ server, auth }) =>
  auth === 'token'
    ? `${server} no longer accepts the access token of the service connection. The token has expired, was revoked or has no uses left. Create a new one for the machine identity and enter it in the service connection.`
    : `${server} no longer accepts the session, which expired or was revoked during the run. Run the step again. If this happens again, check the token TTL and the use limits of the machine identity.`;

export const readCauses: readonly Cause[] = [
  ipDenied,
  {
    sign: /^404\|Not Found\|Route /,
    message: ({ server }) =>
      `${server} does not know a route that this task needs. Check the Infisical URL of the service connection, and check that the server is from July 2024 or later.`,
  },
  {
    sign: /Service token with ID/i,
    message: ({ server }) =>
      `${server} does not know the access token of the service connection, which is a service token. Service tokens are outdated. Create an access token of a machine identity (Token Auth) and enter it in the service connection.`,
  },
  {
    sign: /Invalid secret path/i,
    message: ({ path }) =>
      `secretPath ${quoted(path)} can’t be a path, because names of folders have only letters, digits, "-" and "_". Correct secretPath.`,
  },
  {
    sign: /\bexpired\b|TTL expiration|token has been revoked|tokens have been revoked|usage limit|uses limit/i,
    message: expired,
  },
  {
    sign: /TokenError|jwt malformed|jwt must be provided|jwt signature is required|invalid token|invalid signature|invalid algorithm|Token missing/i,
    message: ({ server }) =>
      `${server} does not accept the access token, because the token is not from this server. Check the token and the Infisical URL of the service connection.`,
  },
  {
    sign: /not a member of|Identity not in project/i,
    message: ({ server, project }) =>
      `${server} says that this machine identity is not in the project ${quoted(project)}. Add it in the project’s access control, or correct infisicalProject.`,
  },
  {
    sign: /Failed to expand/i,
    message: ({ server, environment, path }) =>
      `${server} could not resolve references in environment ${quoted(environment)}, path ${quoted(path)}, because this machine identity may not read a secret that they refer to. Extend its role, or set expandSecretReferences to false.`,
  },
  {
    // Servers of 2024 name the query that failed when a path holds other letters than folders may have.
    sign: /SecretPathNotFound|Folder with path|Folder not found|Find by secret path/i,
    isMissingFolder: true,
    message: ({ server, project, environment, path }) =>
      `${server} has no path ${quoted(path)} in environment ${quoted(environment)} of project ${quoted(project)}. Check environment (its slug, not its name) and secretPath.`,
  },
  {
    sign: /Environment with slug|environment not found|Environment not found/i,
    isMissingFolder: true,
    message: ({ server, project, environment }) =>
      `${server} has no environment ${quoted(environment)} in project ${quoted(project)}. Check environment: it is the slug, not the name.`,
  },
  {
    sign: /bot_not_found/i,
    message: ({ server, project }) =>
      `${server} says that the project ${quoted(project)} is of an old kind that machine identities can’t read. Upgrade the project in Infisical.`,
  },
  {
    sign: /Project with ID|Project not found|No project found|find project by slug|^404\|/i,
    message: ({ server, project }) =>
      `${server} has no project ${quoted(project)}, or this machine identity may not see it. Check infisicalProject (ID or slug) and the Infisical URL of the service connection.`,
  },
  {
    sign: /PermissionDenied/i,
    message: ({ server, environment, path }) =>
      `${server} says that this machine identity may not read secrets in environment ${quoted(environment)}, path ${quoted(path)}. Give its role the permissions "Describe Secret" and "Read Value" there.`,
  },
  { sign: /^40[13]\|UnauthorizedError/i, message: expired },
  {
    sign: /^40[13]\|/,
    message: ({ server, project }) =>
      `${server} refused to read project ${quoted(project)}. Check the machine identity’s access to the project and its role.`,
  },
];

/** Servers of 2024 answer 403 to what today's call 422. */
const invalidSlug: Cause = {
  sign: /^4(?:03|22)\|ValidationFailure/,
  message: ({ server, project }) =>
    `${server} does not look up the slug ${quoted(project)} of infisicalProject: it only takes short slugs of lower-case letters, digits and hyphens. Set infisicalProject to the project ID, which is in the project settings in Infisical.`,
};

/** Why reading was refused. */
export function readRefusal(response: HttpResponse, about: RefusedRequest): SourceError {
  return requestRefusal(response, about, readCauses);
}

/** Why a project was not found by its slug, the only thing that such a request says. */
export function slugRefusal(response: HttpResponse, about: RefusedRequest): SourceError {
  return requestRefusal(response, about, [invalidSlug, ...readCauses]);
}
