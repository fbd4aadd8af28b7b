import { SourceError } from '../../domain/errors.js';
import type { HttpResponse } from '../http/exchange.js';
import { jsonOf, textField } from '../http/json.js';

/** What the refused request was about; every text is quoted already. */
export interface Refused {
  server: string;
  project: string;
  environment: string;
  path: string;
  /** How the connection signs in. */
  auth: 'universal' | 'token';
}

/** Turns a refused answer into the message of one kind of request. */
export type Explain = (
  response: HttpResponse,
  refusal: (response: HttpResponse, about: Refused) => SourceError,
) => SourceError;

interface Cause {
  /** Tested against `status|error|message` of the answer. Servers of 2024 use other codes than today's: words first. */
  sign: RegExp;
  message: (about: Refused) => string;
}

const expired: Cause['message'] = ({ server, auth }) =>
  auth === 'token'
    ? `${server} no longer accepts the access token of the service connection: it has expired, was revoked or used up. Make a new one for the machine identity and put it into the service connection.`
    : `${server} no longer accepts the session: it expired or was revoked during the run. Run the step again; if it stays, look at the token TTL and use limits of the machine identity.`;

const ipDenied: Cause = {
  sign: /current IP address/i,
  message: ({ server }) =>
    `${server} does not allow this agent’s IP address. Add it to the trusted IPs of the machine identity, or use an agent with a fixed address.`,
};

const loginCauses: readonly Cause[] = [
  ipDenied,
  {
    sign: /temporarily locked/i,
    message: ({ server }) =>
      `${server} has locked this machine identity for some minutes after several wrong client secrets. Check the service connection before running again; each wrong try locks every pipeline that uses it.`,
  },
  {
    sign: /expired client secret/i,
    message: ({ server }) =>
      `${server} says that the client secret has expired. Make a new one for the machine identity and put it into the service connection.`,
  },
  {
    sign: /usage limit|number of uses limit/i,
    message: ({ server }) =>
      `${server} says that the client secret was used as often as it may be. Make a new one without a use limit and put it into the service connection.`,
  },
  {
    sign: /^40[013]\|/,
    message: ({ server }) =>
      `${server} refused the login: client ID or client secret is wrong. Check both in the service connection, and that its URL is the region where the identity lives (https://app.infisical.com or https://eu.infisical.com). It was tried once only, because wrong secrets lock the identity.`,
  },
  {
    sign: /^404\|/,
    message: ({ server }) =>
      `${server} does not know the login route. Check the Infisical URL of the service connection.`,
  },
];

const readCauses: readonly Cause[] = [
  ipDenied,
  {
    sign: /\bexpired\b|TTL expiration|token has been revoked|tokens have been revoked|usage limit|uses limit/i,
    message: expired,
  },
  {
    sign: /TokenError|jwt malformed|jwt must be provided|jwt signature is required|invalid token|invalid signature|invalid algorithm|Token missing/i,
    message: ({ server }) =>
      `${server} does not accept the access token: it is not one of this server. Check the token and the Infisical URL of the service connection.`,
  },
  {
    sign: /not a member of|Identity not in project/i,
    message: ({ server, project }) =>
      `${server} says that this machine identity is not in the project ${project}. Add it in the project’s access control, or correct infisicalProject.`,
  },
  {
    sign: /Failed to expand/i,
    message: ({ server, environment, path }) =>
      `${server} could not resolve references in environment ${environment}, path ${path}, because this machine identity may not read a secret that is referred to. Extend its role, or set expandSecretReferences to false.`,
  },
  {
    // Servers of 2024 name the query that failed when a path holds other letters than folders may have.
    sign: /SecretPathNotFound|Folder with path|Folder not found|Find by secret path/i,
    message: ({ server, project, environment, path }) =>
      `${server} has no path ${path} in environment ${environment} of project ${project}. Check environment (its slug, not its name) and secretPath.`,
  },
  {
    sign: /Environment with slug|environment not found|Environment not found/i,
    message: ({ server, project, environment }) =>
      `${server} has no environment ${environment} in project ${project}. Check environment: it is the slug, not the name.`,
  },
  {
    sign: /bot_not_found/i,
    message: ({ server, project }) =>
      `${server} says that the project ${project} is of an old kind that machine identities can’t read. Upgrade the project in Infisical.`,
  },
  {
    sign: /Project with ID|Project not found|No project found|find project by slug|^404\|/i,
    message: ({ server, project }) =>
      `${server} has no project ${project}, or this machine identity may not see it. Check infisicalProject (ID or slug) and the Infisical URL of the service connection.`,
  },
  {
    sign: /PermissionDenied/i,
    message: ({ server, environment, path }) =>
      `${server} says that this machine identity may not read secrets in environment ${environment}, path ${path}. Give its role "Describe Secret" and "Read Value" there.`,
  },
  { sign: /^40[13]\|UnauthorizedError/i, message: expired },
  {
    sign: /^40[13]\|/,
    message: ({ server, project }) =>
      `${server} refused to read project ${project}. Check the machine identity’s access to the project and its role.`,
  },
];

const lateCauses: readonly Cause[] = [
  {
    sign: /^429\|/,
    message: ({ server }) =>
      `${server} limits the rate of requests and still said "later" after several tries. Agents behind one address share the limit; start fewer jobs at once.`,
  },
  {
    sign: /^5\d\d\|/,
    message: ({ server }) =>
      `${server} has a fault of its own. Try again later, and look at the server’s status.`,
  },
];

/** Why a login was refused, as a message with the way out. Never the server's own words: they may hold anything. */
export function loginRefusal(response: HttpResponse, about: Refused): SourceError {
  return refusal(response, about, loginCauses);
}

/** Why reading was refused. */
export function readRefusal(response: HttpResponse, about: Refused): SourceError {
  return refusal(response, about, readCauses);
}

function refusal(response: HttpResponse, about: Refused, causes: readonly Cause[]): SourceError {
  const body = jsonOf(response)?.value;
  const facts = [
    String(response.status),
    textField(body, 'error') ?? '',
    textField(body, 'message') ?? '',
  ].join('|');
  const cause = [...causes, ...lateCauses].find(({ sign }) => sign.test(facts));
  const why = cause?.message(about) ?? `${about.server} refused the request.`;
  return new SourceError(`${why} (status ${String(response.status)})`);
}
