import type { Answer, Received } from '../loopback-server.js';
import { failure } from './errors.js';

export type Role = 'none' | 'reader' | 'user' | 'creator' | 'administrator';

/** Somebody who signs in, and what the Library lets them do. */
export interface Identity {
  id: string;
  name: string;
  bearer?: string;
  pat?: string;
  expired: boolean;
  /** Names of the projects it sees. */
  projects: 'all' | string[];
  library: Role;
  groupRoles: Record<string, Role>;
  /** Whether it may change the pipeline permissions of a group. */
  mayAuthorize: boolean;
}

/** Who signs this request; undefined for nobody known. */
export function identityOf(received: Received, identities: readonly Identity[]): Identity | undefined {
  const header = received.headers.authorization ?? '';
  const bearer = /^Bearer (.+)$/.exec(header)?.[1];
  const basic = /^Basic (.+)$/.exec(header)?.[1];
  const pat =
    basic === undefined
      ? undefined
      : Buffer.from(basic, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:/, '');
  return identities.find(
    (identity) =>
      (bearer !== undefined && identity.bearer === bearer) || (pat !== undefined && identity.pat === pat),
  );
}

/** What refusal looks like: a plain 401 for those who ask for it, else a sign-in page that looks like success. */
export function refuseCredentials(received: Received, expired: Identity | undefined): Answer {
  if (/^suppress$/i.test(String(received.headers['x-tfs-fedauthredirect'] ?? ''))) {
    if (expired !== undefined) {
      return failure(
        401,
        'AccessCheckException',
        'Access Denied: The Personal Access Token used has expired.',
      );
    }
    return {
      status: 401,
      headers: { 'WWW-Authenticate': 'Basic realm="https://app.visualstudio.com/"' },
      body: '',
    };
  }
  if (received.method === 'GET' || received.method === 'POST') {
    return {
      status: 203,
      headers: { 'Content-Type': 'text/html; charset=utf-8' },
      body: '<!DOCTYPE html><html><head><title>Azure DevOps Services | Sign In</title></head><body></body></html>',
    };
  }
  return { status: 302, headers: { Location: '/_signin?realm=dev.azure.com&reply_to=%2F' }, body: '' };
}

export function maySee(identity: Identity, projectName: string): boolean {
  return identity.projects === 'all' || identity.projects.includes(projectName);
}

export function roleOn(identity: Identity, groupName: string): Role {
  return identity.groupRoles[groupName] ?? identity.library;
}

export function mayRead(identity: Identity, groupName: string): boolean {
  return !['none', 'creator'].includes(roleOn(identity, groupName));
}

export function mayWrite(identity: Identity, groupName: string): boolean {
  return roleOn(identity, groupName) === 'administrator';
}

export function mayCreate(identity: Identity): boolean {
  return identity.library === 'creator' || identity.library === 'administrator';
}
