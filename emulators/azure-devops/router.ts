import { randomUUID } from 'node:crypto';
import type { Answer, Received } from '../loopback/loopback-server.js';
import { noRoute } from './answers.js';
import { serveDefinitions } from './definitions.js';
import { serveConnectionData, serveOptions, serveResourceAreas } from './discovery.js';
import { serveGroups } from './groups.js';
import { servicePrincipalOf } from './entra-sign-in.js';
import { identityOf, type Identity } from './identities.js';
import { serveIncomingWebhook } from './incoming-webhooks.js';
import { locationsOf, matchLocation, type Location, type LocationName } from './locations.js';
import { serveIssuer, serveOidcToken } from './oidc.js';
import { stoppedAnswer } from './outages.js';
import { serveAuthorizedResources, servePermissions } from './permissions.js';
import { projectOf, serveProjects } from './projects.js';
import type { ApiHandler } from './request.js';
import { covers } from './scopes.js';
import type { Service } from './service.js';
import { missingScope, refuseSignIn, serveSignInPage } from './sign-in.js';
import { throttled } from './throttling.js';
import { apiVersion } from './versions.js';

const handlers: Record<LocationName, ApiHandler> = {
  projectGroups: serveGroups,
  organizationGroups: serveGroups,
  oidcToken: serveOidcToken,
  definitions: serveDefinitions,
  authorizedResources: serveAuthorizedResources,
  projects: serveProjects,
  connectionData: serveConnectionData,
  resourceAreas: serveResourceAreas,
  pipelinePermissions: servePermissions,
};

export async function serve(received: Received, service: Service): Promise<Answer> {
  if (service.stopped !== undefined) return stoppedAnswer(service);
  const anonymous =
    (await serveIssuer(received, service)) ??
    serveSignInPage(received) ??
    serveIncomingWebhook(received, service);
  const answer = anonymous ?? (await serveOrganization(received, service));
  return withUsualHeaders(received, answer, service);
}

async function serveOrganization(received: Received, service: Service): Promise<Answer> {
  const prefix = `/${service.organization}/`;
  if (!received.path.toLowerCase().startsWith(prefix.toLowerCase())) return noRoute(received.path);
  const identity = identityOf(received, service.identities) ?? (await servicePrincipalOf(received, service));
  if (identity !== undefined && 'status' in identity) return identity;
  const refused = refuseSignIn(received, identity, service);
  if (refused !== undefined || identity === undefined) return refused ?? missingScope(service);
  const limit = throttled(identity, service);
  const answer =
    'status' in limit
      ? limit
      : await serveApi(received, { identity, path: received.path.slice(prefix.length) }, service);
  return { ...answer, headers: { ...answer.headers, ...limit.headers }, identity: identity.name };
}

async function serveApi(
  received: Received,
  { identity, path }: { identity: Identity; path: string },
  service: Service,
): Promise<Answer> {
  const options = received.method === 'OPTIONS' ? /^_apis(?:\/(\w+))?\/?$/i.exec(path) : null;
  if (options !== null) return serveOptions(options[1], service);
  const route = routeOf(path, service);
  if (route === undefined) {
    // A PAT with few scopes is refused before anybody looks for the route (recorded 2025).
    return identity.scopes === 'all' ? noRoute(`/${path}`) : missingScope(service);
  }
  const { name, location, params } = route;
  const segment = params['project'];
  const project = segment === undefined ? undefined : projectOf(segment, identity, service);
  if (project !== undefined && 'status' in project) return project;
  const version = apiVersion(received, service.profile, location);
  if ('status' in version) return version;
  if (!covers(identity.scopes, { location: name, method: received.method, version }))
    return missingScope(service);
  return handlers[name]({ received, version, identity, project, params }, service);
}

function routeOf(
  path: string,
  service: Service,
): { name: LocationName; location: Location; params: Record<string, string> } | undefined {
  for (const [name, location] of locationsOf(service.profile)) {
    const params = matchLocation(location, path);
    if (params !== undefined) return { name, location, params };
  }
  return undefined;
}

/** What every answer of the service itself carries. */
function withUsualHeaders(received: Received, answer: Answer, service: Service): Answer {
  const activity = randomUUID();
  return {
    ...answer,
    headers: {
      Date: service.date(),
      ActivityId: activity,
      'X-VSS-E2EID': activity,
      'X-TFS-Session': String(received.headers['x-tfs-session'] ?? activity),
      'X-Content-Type-Options': 'nosniff',
      ...answer.headers,
    },
  };
}
