import type { SourceError } from '../../domain/errors.js';
import { quoted } from '../../domain/text.js';
import type { HttpResponse } from '../http/exchange.js';
import { trustLine } from '../agent/oidc-token.js';
import { azureCauses } from './azure-login-refusals.js';
import { ipDenied, requestRefusal, type Cause, type RefusedRequest } from './refusals.js';

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
      `${server} refused the login: client ID or client secret is wrong, or the client secret has expired, was revoked or used up, which Infisical says only once. Check both in the service connection and in Infisical, and that its URL is the region where the identity lives (https://app.infisical.com or https://eu.infisical.com). It was tried once only, because wrong secrets lock the identity.`,
  },
];

/** What the token of the job says, against what the machine identity asks for. */
const oidcCauses: readonly Cause[] = [
  {
    // An ID that is no UUID is refused as ValidationFailure.
    sign: /auth method not found|ValidationFailure/i,
    message: ({ server }) =>
      `${server} has no machine identity of that ID that signs in by OIDC Auth. Check the machine identity ID in the service connection, its region (https://app.infisical.com or https://eu.infisical.com), and that OIDC Auth is one of the identity’s authentication methods.`,
  },
  {
    sign: /jwt expired|jwt not active|maxAge exceeded/i,
    message: ({ server }) =>
      `${server} says that the token of the job is not valid at this time. It lives for ten minutes: check the clock of the Infisical server.`,
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
  const what = `${server} refused the login by OIDC Auth: ${why}.`;
  if (oidc === undefined) return what;
  return [
    `${what} Open the machine identity in Infisical, its OIDC Auth, and compare it with this job’s token, which says:`,
    trustLine('OIDC Discovery URL', oidc.issuer),
    trustLine('Issuer', oidc.issuer),
    trustLine('Subject', oidc.subject),
    trustLine('Audiences', oidc.audience),
  ].join('\n');
}

const unknownRoute: Cause = {
  sign: /^404\|/,
  message: ({ server }) =>
    `${server} does not know the login route. Check the Infisical URL of the service connection.`,
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
