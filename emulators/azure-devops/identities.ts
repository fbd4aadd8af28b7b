import type { Received } from '../loopback/loopback-server.js';

export type Role = 'none' | 'reader' | 'user' | 'creator' | 'administrator';

/** Somebody who signs in, and what they may do. */
export interface Identity {
  id: string;
  name: string;
  /** As reads show it, usually an e-mail address. */
  uniqueName: string;
  /** Names the identity in answers of Build. */
  descriptor: string;
  /** As refusals name it: `domain\account`. */
  account: string;
  bearer?: string;
  pat?: string;
  /** The ID of the application, for a service principal that signs in with a token of Entra. */
  servicePrincipal?: string;
  expired: boolean;
  /** Whether a Conditional Access policy refuses it, for example from this network. */
  isBlockedByPolicy: boolean;
  /** False: signs in well and belongs to no organization. */
  isMember: boolean;
  /** Scopes of its PAT, such as `vso.variablegroups_manage`. */
  scopes: 'all' | string[];
  /** Names of the projects it sees. */
  projects: 'all' | string[];
  library: Role;
  groupRoles: Record<string, Role>;
  /** Whether it may change which pipelines use a group. */
  mayAuthorize: boolean;
  /** Its rights on build definitions. */
  definitions: 'none' | 'view' | 'edit';
}

/** Who signs this request; undefined for nobody known. */
export function identityOf(received: Received, identities: readonly Identity[]): Identity | undefined {
  const { bearer, pat } = credentialsOf(received);
  return identities.find(
    (identity) =>
      (bearer !== undefined && identity.bearer === bearer) || (pat !== undefined && identity.pat === pat),
  );
}

/** What stands in the Authorization header; an empty token is none. */
export function credentialsOf(received: Received): { bearer?: string; pat?: string } {
  const header = received.headers.authorization ?? '';
  const bearer = /^Bearer (\S+)$/i.exec(header)?.[1];
  if (bearer !== undefined) return { bearer };
  const basic = /^Basic (\S+)$/i.exec(header)?.[1] ?? '';
  // Any user name will do: az CLI sends none, azure-devops-node-api sends "PAT".
  const pat = Buffer.from(basic, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
  return pat === '' ? {} : { pat };
}

export function maySee(identity: Identity, projectName: string): boolean {
  return identity.projects === 'all' || identity.projects.includes(projectName);
}

export function roleOn(identity: Identity, groupName: string): Role {
  return identity.groupRoles[groupName] ?? identity.library;
}

/** Creator does not include Reader (azure-devops-docs#3380). */
export function mayRead(identity: Identity, groupName: string): boolean {
  return !['none', 'creator'].includes(roleOn(identity, groupName));
}

export function mayUse(identity: Identity, groupName: string): boolean {
  return ['user', 'administrator'].includes(roleOn(identity, groupName));
}

export function mayWrite(identity: Identity, groupName: string): boolean {
  return roleOn(identity, groupName) === 'administrator';
}

export function mayCreate(identity: Identity): boolean {
  return identity.library === 'creator' || identity.library === 'administrator';
}
