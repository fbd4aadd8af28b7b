import type { JSONWebKeySet } from 'jose';
import { isMatch } from 'picomatch';

export type Action = 'describeSecret' | 'readValue' | 'create';

/** What an identity may do in a project: everything, reading, nothing, or something in some places. */
export type Role = 'admin' | 'viewer' | 'no-access' | { rules: Rule[]; readsSyncs?: boolean };

export interface Rule {
  environment?: string;
  /** A glob. */
  path?: string;
  /** Only secrets that carry one of these tags. */
  tags?: string[];
  actions: Action[];
  /** Takes away what it would allow. Of several rules that fit, the last one counts. */
  inverted?: boolean;
}

/** How long and from where an access token counts. */
export interface TokenSettings {
  /** Seconds; 0 is for ever. */
  ttl?: number;
  maxTtl?: number;
  /** Seconds; a periodic token can be renewed without end. */
  period?: number;
  usesLimit?: number;
  /** Addresses and ranges. */
  trustedIps?: string[];
}

export interface UniversalAuth {
  clientId: string;
  clientSecret: string;
  clientSecretId?: string;
  state?: 'valid' | 'expired' | 'used up' | 'ip denied' | 'revoked';
  /** Seconds from when the identity was added. */
  secretTtl?: number;
  secretUsesLimit?: number;
  trustedIps?: string[];
}

export interface OidcAuth {
  /** Where `/.well-known/openid-configuration` is: on loopback, or nowhere when the keys are given. */
  discoveryUrl: string;
  jwks?: JSONWebKeySet;
  boundIssuer: string;
  boundSubject?: string;
  /** Several are separated by a comma and a blank. */
  boundAudiences?: string;
  boundClaims?: Record<string, string>;
}

export interface AzureAuth {
  tenantId: string;
  resource: string;
  /** Several are separated by commas. */
  allowedServicePrincipalIds?: string;
  /** In place of Microsoft's. */
  jwks: JSONWebKeySet;
}

export interface MachineIdentity {
  id?: string;
  name: string;
  /** A person with a session in place of a machine: may list projects and has own values of secrets. */
  isUser?: boolean;
  universalAuth?: UniversalAuth;
  oidcAuth?: OidcAuth;
  azureAuth?: AzureAuth;
  /** A text that is accepted as it is; `issueToken` gives one that looks like Infisical's. */
  tokenAuth?: { accessToken: string };
  tokens?: TokenSettings;
  /** Slug of its organization; the root organization unless said otherwise. */
  organization?: string;
  subOrganizations?: string[];
  /** By project slug; a project that is not named is one it is no member of. */
  projects: Record<string, Role>;
}

export interface Place {
  environment: string;
  path: string;
}

const allActions: Record<'admin' | 'viewer' | 'no-access', Action[]> = {
  admin: ['describeSecret', 'readValue', 'create'],
  viewer: ['describeSecret', 'readValue'],
  'no-access': [],
};

/** Whether a role allows something in a folder; without tags, for a secret that carries none. */
export function may(role: Role, action: Action, place: Place, tags: readonly string[] = []): boolean {
  if (typeof role === 'string') return allActions[role].includes(action);
  const last = role.rules.findLast(
    (rule) =>
      rule.actions.includes(action) &&
      (rule.environment ?? place.environment) === place.environment &&
      (rule.path === undefined || isMatch(place.path, rule.path, { strictSlashes: false })) &&
      (rule.tags === undefined || rule.tags.some((tag) => tags.includes(tag))),
  );
  return last !== undefined && last.inverted !== true;
}

/** Whether a role allows `read` on `secret-syncs`. */
export function mayReadSyncs(role: Role): boolean {
  return typeof role === 'string' ? role !== 'no-access' : role.readsSyncs === true;
}

/** Whether a role allows something anywhere at all. */
export function mayAnywhere(role: Role, action: Action): boolean {
  return typeof role === 'string'
    ? allActions[role].includes(action)
    : role.rules.some((rule) => rule.actions.includes(action) && rule.inverted !== true);
}

/** The rules as a refusal of today quotes them. */
export function detailsOf(role: Role): unknown[] {
  if (typeof role === 'string')
    return allActions[role].map((action) => ({ action: [action], inverted: false, subject: 'secrets' }));
  return role.rules.map(({ actions, environment, path, inverted = false }) => ({
    action: actions,
    inverted,
    subject: 'secrets',
    conditions: {
      ...(environment === undefined ? {} : { environment }),
      ...(path === undefined ? {} : { secretPath: { $glob: path } }),
    },
  }));
}
