import type { SourceError } from '../../domain/errors.js';
import { quoted } from '../../domain/text.js';
import type { HttpResponse } from '../http/exchange.js';
import { trustLine } from '../agent/oidc-token.js';
import { azureCauses } from './azure-login-refusals.js';
import { ipDenied, noIdentity, requestRefusal, type Cause, type RefusedRequest } from './refusals.js';

const sharedCauses: readonly Cause[] = [
  ipDenied,
  {
    sign: /Sub organization with (?:slug|name)/i,
    message: ({ server, organization = '' }) =>
      `${server} has no sub-organization ${quoted(organization)}. Correct the organization slug of the service connection, or leave it empty.`,
  },
  {
    sign: /not authorized to access sub organization/i,
    message: ({ server, organization = '' }) =>
      `${server} says that this machine identity does not belong to the sub-organization ${quoted(organization)}. Add it there, or correct the organization slug of the service connection.`,
  },
];

const universalCauses: readonly Cause[] = [
  {
    sign: /temporarily locked/i,
    message: ({ server }) =>
      `${server} has locked this machine identity for some minutes after several wrong client secrets. Each wrong attempt locks out every pipeline that uses the identity. Correct the client secret in the service connection before you run the step again.`,
  },
  {
    sign: /expired client secret/i,
    message: ({ server }) =>
      `${server} says that the client secret has expired. Create a new one for the machine identity and enter it in the service connection.`,
  },
  {
    sign: /usage limit|number of uses limit/i,
    message: ({ server }) =>
      `${server} says that the client secret has reached its limit of uses. Create a new one without a limit and enter it in the service connection.`,
  },
  {
    sign: /^40[013]\|/,
    message: ({ server }) =>
      `${server} refused the login. The client ID or the client secret is wrong, or the client secret has expired, was revoked or has no uses left (Infisical names such a reason only once). This task tried only once, because wrong secrets lock the identity. Check the client ID and the client secret in the service connection and in Infisical. Check that the URL is that of the identity’s region (https://app.infisical.com or https://eu.infisical.com).`,
  },
];

/** What the token of the job says, against what the machine identity asks for. */
const oidcCauses: readonly Cause[] = [
  // An ID that is no UUID is refused as ValidationFailure.
  noIdentity(/auth method not found|ValidationFailure/i, 'OIDC Auth'),
  {
    sign: /jwt expired|jwt not active|maxAge exceeded/i,
    message: ({ server }) =>
      `${server} says that the token of the job is not valid at this time. Such a token is valid for ten minutes. Check the clock of the Infisical server.`,
  },
  ...(
    [
      [/issuer invalid/i, 'the issuer of the job’s token is not the one that the machine identity trusts'],
      [
        /subject not allowed/i,
        'the subject of the job’s token is not the one that the machine identity trusts',
      ],
      [
        /audience not allowed/i,
        'the audience of the job’s token is not one that the machine identity trusts',
      ],
      [
        /claim not allowed|token has no/i,
        'the machine identity asks for a claim that the job’s token does not have',
      ],
      [
        /discovery|signing key|signature|ENOTFOUND|ECONNREFUSED|status code/i,
        'it could not check the signature of the job’s token with the keys of its OIDC Discovery URL',
      ],
      [/^40[013]\|/, 'it does not trust the job’s token'],
    ] as const
  ).map(([sign, why]) => ({ sign, message: (about: RefusedRequest) => untrusted(about, why) })),
];

function untrusted({ server, oidc }: RefusedRequest, why: string): string {
  const what = `${server} refused the login with OIDC Auth: ${why}.`;
  if (oidc === undefined) return what;
  return [
    `${what} Open OIDC Auth of the machine identity in Infisical, and compare it with these values of the job’s token:`,
    trustLine('OIDC Discovery URL', oidc.issuer),
    trustLine('Issuer', oidc.issuer),
    trustLine('Subject', oidc.subject),
    trustLine('Audiences', oidc.audience),
  ].join('\n');
}

const unknownRoute: Cause = {
  sign: /^404\|/,
  message: ({ server }) =>
    `${server} does not know the route for this login. Check the Infisical URL of the service connection.`,
};

const causesOf: Record<RefusedRequest['auth'], readonly Cause[]> = {
  universal: universalCauses,
  token: [],
  oidc: oidcCauses,
  azure: azureCauses,
};

/** Why a login was refused, as a message with the way out. */
export function loginRefusal(response: HttpResponse, about: RefusedRequest): SourceError {
  return requestRefusal(response, about, [...sharedCauses, ...causesOf[about.auth], unknownRoute]);
}
