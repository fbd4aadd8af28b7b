import { trustLine } from '../agent/oidc-token.js';
import { noIdentity, type Cause, type RefusedRequest } from './refusals.js';

/** What the token of Entra says, against what the machine identity asks for. */
export const azureCauses: readonly Cause[] = [
  noIdentity(/auth method not found|ValidationFailure|Find one/i, 'Azure Auth'),
  {
    sign: /token has expired|jwt expired|jwt not active/i,
    message: ({ server }) =>
      `${server} says that the token of Microsoft Entra is not valid at this time. Such a token is valid for an hour or more. Check the clock of the Infisical server.`,
  },
  ...(
    [
      [
        /issuer invalid|Tenant ID mismatch/i,
        'the token is from another tenant than the machine identity trusts',
      ],
      [/audience invalid/i, 'the token is for another audience than the machine identity trusts'],
      [/service principal/i, 'the token’s service principal is not one that the machine identity allows'],
      [
        /signing key|signature|ENOTFOUND|ECONNREFUSED|status code/i,
        'it could not check the signature of the token with Microsoft’s keys',
      ],
      [/^40[013]\|/, 'it does not trust the token'],
    ] as const
  ).map(([sign, why]) => ({ sign, message: (about: RefusedRequest) => untrusted(about, why) })),
];

function untrusted({ server, azure }: RefusedRequest, why: string): string {
  const what = `${server} refused the login with Azure Auth: ${why}.`;
  if (azure === undefined) return what;
  // Infisical takes tokens of version 1.0 only, which another issuer than version 2.0 signs.
  if (/^https:\/\/login\.[^/]+\/[^/]+\/v2\.0$/.test(azure.issuer)) {
    return `${what} The token has version 2.0, which Azure Auth never accepts. The audience of the service connection is an application that asks for such tokens. Set the audience to https://management.azure.com/ in the service connection and in Infisical.`;
  }
  return [
    `${what} Open Azure Auth of the machine identity in Infisical, and compare it with these values of the token:`,
    trustLine('Tenant ID', azure.tenant),
    trustLine('Resource / Audience', azure.audience),
    trustLine('Allowed Service Principal IDs', azure.objectId),
  ].join('\n');
}
