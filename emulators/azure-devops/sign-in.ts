import type { Answer, Received } from '../loopback/loopback-server.js';
import { envelope, failure } from './answers.js';
import { credentialsOf, type Identity } from './identities.js';
import type { Service } from './service.js';

const expiredText = 'Access Denied: The Personal Access Token used has expired.';
const blockedText =
  'VS403463: The conditional access policy defined by your Microsoft Entra administrator has failed.';
const anonymous = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa';

/** Refuses whoever is not signed in to this organization; undefined for whoever is. */
export function refuseSignIn(
  received: Received,
  identity: Identity | undefined,
  service: Service,
): Answer | undefined {
  const { bearer, pat } = credentialsOf(received);
  if (identity === undefined) {
    if (bearer === undefined && pat === undefined)
      return wantsStatus(received) ? missingScope(service) : signInPage(received, service);
    return bearer === undefined ? refusePat(received, service) : refuseBearer(received, service);
  }
  if (identity.expired) {
    return bearer === undefined ? refuseExpiredPat(received) : refuseBearer(received, service);
  }
  if (identity.isBlockedByPolicy) return refusedByPolicy(received);
  if (identity.isMember) return undefined;
  return wantsStatus(received) ? notAMember(received, identity, service) : signInPage(received, service);
}

/** A PAT that is known and does not reach: 401, an empty body and one header (recorded 2025). */
export function missingScope(service: Service): Answer {
  return { status: 401, headers: { 'WWW-Authenticate': `Basic realm="${service.realm}"` }, body: '' };
}

/** Clients that send X-TFS-FedAuthRedirect: Suppress get a status; to all others a person is assumed. */
function wantsStatus(received: Received): boolean {
  return /^suppress$/i.test(String(received.headers['x-tfs-fedauthredirect'] ?? ''));
}

function refusePat(received: Received, service: Service): Answer {
  return wantsStatus(received) ? unauthorized(anonymous) : signInPage(received, service);
}

function refuseBearer(received: Received, service: Service): Answer {
  if (wantsStatus(received)) return unauthorized(anonymous);
  // Reported for an expired bearer token (azure-devops-auth-samples#52): PATCH is refused as a program would like.
  return received.method === 'PATCH' ? unauthorized('') : signInPage(received, service);
}

function refuseExpiredPat(received: Received): Answer {
  if (wantsStatus(received)) return failure(401, 'AccessCheckException', expiredText);
  return page(401, expiredText);
}

function unauthorized(user: string): Answer {
  return failure(401, 'UnauthorizedRequestException', notAuthorized(user));
}

function notAuthorized(user: string): string {
  return `TF400813: The user '${user}' is not authorized to access this resource.`;
}

/** In JSON for programs, on a page for people (reported 2023 and 2026). */
function refusedByPolicy(received: Received): Answer {
  const isProgram = wantsStatus(received) || /json/i.test(received.headers.accept ?? '');
  return isProgram ? failure(403, 'VssServiceException', blockedText) : page(403, blockedText);
}

/** Somebody of the tenant who is not in the organization; the tenant stands in the headers (recorded 2019, 2021). */
function notAMember(received: Received, identity: Identity, service: Service): Answer {
  const refused = failure(401, 'UnauthorizedRequestException', notAuthorized(identity.account));
  const organizationUrl = `${service.origin('main')}/${service.organization}/`;
  return {
    ...refused,
    headers: {
      ...refused.headers,
      'WWW-Authenticate': [
        `Bearer authorization_uri=${service.origin('login')}/${service.tenant}`,
        'TFS-Federated',
      ],
      'X-TFS-FedAuthIssuer': organizationUrl,
      'X-TFS-FedAuthRealm': service.realm,
      'X-TFS-FedAuthRedirect': signInUrl(received, service),
      'X-VSS-AuthenticateError': 'Unauthorized',
      'X-VSS-AuthorizationEndpoint': `${service.origin('vssps')}/${service.organization}/`,
      'X-VSS-ResourceTenant': service.tenant,
    },
    body: JSON.stringify(envelope('UnauthorizedRequestException', notAuthorized(identity.account))),
  };
}

/** The page that looks like success: 203 for GET and POST, else a redirect; or always a redirect. */
function signInPage(received: Received, service: Service): Answer {
  const isPage = received.method === 'GET' || received.method === 'POST';
  if (service.switches.signIn === 'page' && isPage) return page(203, 'Azure DevOps Services | Sign In');
  return { status: 302, headers: { Location: signInUrl(received, service) }, body: '' };
}

/** Where the redirect leads: a page for people, with a success status. */
export function serveSignInPage(received: Received): Answer | undefined {
  return received.path === '/_signin' ? page(200, 'Azure DevOps Services | Sign In') : undefined;
}

function signInUrl(received: Received, service: Service): string {
  const asked = encodeURIComponent(`${service.origin('main')}${received.target}`);
  return `${service.origin('vssps')}/_signin?realm=dev.azure.com&reply_to=${asked}&redirect=1`;
}

function page(status: number, title: string): Answer {
  return {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
    body: `<!DOCTYPE html><html><head><title>${title}</title></head><body></body></html>`,
  };
}
