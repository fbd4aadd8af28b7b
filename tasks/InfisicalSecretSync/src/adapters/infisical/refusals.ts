import { FolderMissingError, SourceError, withFacts } from '../../domain/errors.js';
import type { HttpResponse } from '../http/exchange.js';
import { jsonOf, textField } from '../http/json.js';
import type { OidcToken } from '../agent/oidc-token.js';
import type { AzureToken } from '../entra/azure-token.js';
import type { InfisicalAuth } from './connection.js';

/** What the refused request was about: names as they are, which the sentence quotes. */
export interface RefusedRequest {
  /** How messages call the server, with its address quoted. */
  server: string;
  project: string;
  environment: string;
  path: string;
  /** How the connection signs in. */
  auth: InfisicalAuth['kind'];
  /** The slug of the sub-organization that the connection names. */
  organization?: string;
  /** What the job showed to sign in with OIDC Auth. */
  oidc?: OidcToken | undefined;
  /** … with Azure Auth. */
  azure?: AzureToken | undefined;
}

/** Turns a refused answer into the message of one kind of request. */
export type Explain = (
  response: HttpResponse,
  errorOf: (response: HttpResponse, about: RefusedRequest) => SourceError,
) => SourceError;

export interface Cause {
  /** Tested against `status|error|message` of the answer. Servers of 2024 use other codes than today's: words first. */
  sign: RegExp;
  message: (about: RefusedRequest) => string;
  /** The folder is not there, which a removal may not mind. */
  isMissingFolder?: true;
}

export const ipDenied: Cause = {
  sign: /current IP address/i,
  message: ({ server }) =>
    `${server} does not allow this agent’s IP address. Add it to the trusted IPs of the machine identity, or use an agent with a fixed address.`,
};

/** An ID that nobody has, or whose owner signs in another way. */
export function noIdentity(sign: RegExp, method: 'OIDC Auth' | 'Azure Auth'): Cause {
  return {
    sign,
    message: ({ server }) =>
      `${server} has no machine identity with this ID that signs in with ${method}. Check the machine identity ID and the region (https://app.infisical.com or https://eu.infisical.com) in the service connection. Check that ${method} is one of the identity’s authentication methods.`,
  };
}

const lateCauses: readonly Cause[] = [
  {
    sign: /^429\|/,
    message: ({ server }) =>
      `${server} limits the rate of requests and refused this one. Agents behind one address share the limit. Start fewer jobs at once, or run the step again later.`,
  },
  {
    sign: /^5\d\d\|/,
    message: ({ server }) =>
      `${server} reported an internal error. Check the status of the server, and run the step again later.`,
  },
];

/** The message of the first cause whose sign fits. Never the server’s own words: they may hold anything. */
export function requestRefusal(
  response: HttpResponse,
  about: RefusedRequest,
  causes: readonly Cause[],
): SourceError {
  const body = jsonOf(response)?.value;
  const facts = [
    String(response.status),
    textField(body, 'error') ?? '',
    textField(body, 'message') ?? '',
  ].join('|');
  const cause = [...causes, ...lateCauses].find(({ sign }) => sign.test(facts));
  const why =
    cause?.message(about) ??
    `${about.server} refused the request. Check the Infisical URL of the service connection and the inputs that name the project, the environment and the path.`;
  const Refusal = cause?.isMissingFolder === true ? FolderMissingError : SourceError;
  return new Refusal(withFacts(why, `status ${String(response.status)}`));
}
