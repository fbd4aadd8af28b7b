import type { MachineIdentity } from '../identities.js';
import { issuerName } from './recorded-stage.js';
import { person } from './recorded-world.js';

const secretOf = (identity: string): string => `<client-secret-of-${identity}, 64 hex chars>`;

/** The machine identities of 2024, and one person. */
export function identitiesOf2024(issuerUrl: string): MachineIdentity[] {
  const viewer = { 'emu-project': 'viewer' } as const;
  const long = { ttl: 2_592_000, maxTtl: 2_592_000 };
  const universal = (name: string, clientId = name, clientSecretId?: string): MachineIdentity => ({
    name,
    universalAuth: {
      clientId,
      clientSecret: secretOf(name),
      ...(clientSecretId === undefined ? {} : { clientSecretId }),
    },
    tokens: long,
    projects: viewer,
  });
  const reader = universal(
    'reader',
    '6a97548c-ec91-43c0-aa3d-b0c2d945a8c6',
    'c7ded84e-ddf6-42b3-a9a0-ebbc39415b50',
  );
  const noAccess = universal(
    'noAccess',
    'fb249f16-da06-4832-b618-34792a604bbc',
    '5d6c508c-27cd-4980-b1fc-5af89b322296',
  );
  const secretUsesLimit = universal('secretUsesLimit', '78a19296-52a6-43ec-8edb-0c7fca547c58');
  const secretTtl = universal('secretTtl', '9795b2fa-41dc-45db-a09a-25f1aed9735d');
  const appRule = { environment: 'dev', path: '/app/**', actions: ['describeSecret', 'readValue'] as const };
  return [
    { ...reader, id: 'd9f9e2cf-3314-49af-be71-b667fc98f117' },
    { ...noAccess, id: 'ba292ed6-ab7f-477d-bcb8-156743ad8aa1', projects: {} },
    { ...universal('noAccessMember'), projects: { 'emu-project': 'no-access' } },
    { ...universal('shortTtl'), tokens: { ttl: 2, maxTtl: 600 } },
    { ...universal('shortJwt'), tokens: { ttl: 2, maxTtl: 2 } },
    { ...universal('usesLimit'), tokens: { ...long, usesLimit: 2 } },
    { ...secretUsesLimit, universalAuth: { ...universalOf(secretUsesLimit), secretUsesLimit: 1 } },
    { ...secretTtl, universalAuth: { ...universalOf(secretTtl), secretTtl: 1 } },
    { ...universal('writer'), projects: { 'emu-project': 'admin' } },
    {
      ...universal('devAppOnly'),
      projects: { 'emu-project': { rules: [{ ...appRule, actions: [...appRule.actions] }] } },
    },
    { ...universal('renewable'), tokens: { ttl: 60, maxTtl: 3600 } },
    universal('toRevoke'),
    { id: '9d6eeca6-e6f8-4538-bb41-f6b01c09ae58', name: 'tokenAuth', tokens: long, projects: viewer },
    {
      id: 'd4328476-c9c9-46dd-a74f-c74af3f10770',
      name: 'oidc',
      oidcAuth: {
        discoveryUrl: issuerUrl,
        boundIssuer: issuerName,
        boundSubject: 'sc://fake-org/fake-project/fake-connection',
        boundAudiences: 'api://AzureADTokenExchange, api://other',
        boundClaims: { rpid: '1111' },
      },
      tokens: long,
      projects: viewer,
    },
    {
      id: '83d1ce53-1b84-4a35-aae7-336c0b871919',
      name: 'azure',
      azureAuth: { tenantId: 'tenant', resource: 'https://management.azure.com/', jwks: { keys: [] } },
      tokens: long,
      projects: viewer,
    },
    { name: person, isUser: true, projects: { 'emu-project': 'admin', 'other-project': 'admin' } },
  ];
}

function universalOf({ universalAuth }: MachineIdentity): NonNullable<MachineIdentity['universalAuth']> {
  if (universalAuth === undefined) throw new Error('no Universal Auth');
  return universalAuth;
}
