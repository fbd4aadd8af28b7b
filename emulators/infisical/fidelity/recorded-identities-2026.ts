import type { JWTPayload } from 'jose';
import type { MachineIdentity, Role, Rule } from '../identities.js';
import { person, type RecordedWorld2026 } from './recorded-world-2026.js';

export const issuerOf2026 = 'http://127.0.0.1:58091';

export const claimsOf2026: JWTPayload = {
  iss: issuerOf2026,
  aud: 'api://AzureADTokenExchange',
  sub: 'sc://emu-org/Web Shop/emu-connection',
  rpid: '1111',
};

const both: Rule['actions'] = ['describeSecret', 'readValue'];
const rules = (...given: Rule[]): Role => ({ rules: given });
const long = { ttl: 2_592_000, maxTtl: 2_592_000 };

/** Client IDs that stand in recorded logins. */
const clientIds: Record<string, string> = {
  reader: '00000000-0000-4000-8000-000000000008',
  locked: '00000000-0000-4000-8000-000000000017',
  secretUsesLimit: '00000000-0000-4000-8000-000000000019',
  secretTtl: '00000000-0000-4000-8000-000000000023',
  toRevoke: '00000000-0000-4000-8000-000000000024',
};

const roles: Record<string, Role | undefined> = {
  noAccess: undefined,
  noAccessMember: 'no-access',
  writer: 'admin',
  devAppOnly: rules({ environment: 'dev', path: '/app/**', actions: both }),
  describeOnly: rules({ actions: ['describeSecret'] }),
  describeAllReadApp: rules(
    { actions: ['describeSecret'] },
    { environment: 'dev', path: '/app', actions: ['readValue'] },
  ),
  noShared: rules({ actions: both }, { environment: 'dev', path: '/shared', actions: both, inverted: true }),
  byTag: rules({ tags: ['runtime'], actions: both }),
  syncsReader: { rules: [], readsSyncs: true },
  secretsOnly: rules({ actions: both }),
};

const lives: Record<string, MachineIdentity['tokens']> = {
  shortTtl: { ttl: 2, maxTtl: 600 },
  shortJwt: { ttl: 2, maxTtl: 2 },
  usesLimit: { ...long, usesLimit: 2 },
  renewable: { ttl: 60, maxTtl: 3600 },
};

/** The machine identities of July 2026, one without an end of its tokens, and one person. */
export function identitiesOf2026(world: RecordedWorld2026): (issuerUrl: string) => MachineIdentity[] {
  const plain = ['reader', 'shortTtl', 'shortJwt', 'usesLimit', 'secretUsesLimit', 'secretTtl', 'renewable'];
  const names = [...plain, 'locked', 'lockedTask', 'toRevoke', ...Object.keys(roles)];
  return (issuerUrl) => [
    ...names.map((name) => universal(world, name)),
    { ...base(world, 'tokenAuth') },
    { ...base(world, 'withoutEnd'), tokens: { ttl: 0 } },
    {
      ...base(world, 'oidc'),
      oidcAuth: {
        discoveryUrl: issuerUrl,
        boundIssuer: issuerOf2026,
        boundSubject: 'sc://emu-org/Web Shop/*',
        boundAudiences: 'api://AzureADTokenExchange, api://other',
        boundClaims: { rpid: '1111' },
      },
    },
    { name: person, isUser: true, projects: { 'emu-project': 'admin', 'other-project': 'admin' } },
  ];
}

function base(world: RecordedWorld2026, name: string): MachineIdentity {
  const id = world.identityId(name);
  const role = name in roles ? roles[name] : 'viewer';
  return {
    name,
    ...(id === undefined ? {} : { id }),
    tokens: lives[name] ?? long,
    projects: role === undefined ? {} : { 'emu-project': role },
  };
}

function universal(world: RecordedWorld2026, name: string): MachineIdentity {
  const clientSecretId = world.clientSecretId(name);
  return {
    ...base(world, name),
    universalAuth: {
      clientId: clientIds[name] ?? name,
      clientSecret: '<client-secret-redacted>',
      ...(clientSecretId === undefined ? {} : { clientSecretId }),
      ...(name === 'secretUsesLimit' ? { secretUsesLimit: 1 } : {}),
      ...(name === 'secretTtl' ? { secretTtl: 1 } : {}),
    },
  };
}
