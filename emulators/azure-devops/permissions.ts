import type { Answer } from '../loopback/loopback-server.js';
import { badMethod, failure, json, objectOf, unreadableBody } from './answers.js';
import type { Identity } from './identities.js';
import type { ApiRequest } from './request.js';
import type { Service } from './service.js';

/** Which pipelines may use a group. */
export interface Permissions {
  all: boolean;
  pipelines: Set<number>;
}

interface PermissionBody {
  allPipelines?: { authorized?: boolean };
  pipelines?: { id: number; authorized: boolean }[];
}

interface AuthorizedResource {
  type: string;
  id: string;
  authorized: boolean;
}

/** `pipelines/pipelinepermissions/variablegroup/{id}` (vsts-rest-api-specs, approvalsAndChecks 7.1). */
export function servePermissions(request: ApiRequest, service: Service): Answer {
  const { received, identity, params, version } = request;
  const { resourceType = '', resourceId = '' } = params;
  if (resourceType.toLowerCase() !== 'variablegroup') return badMethod;
  const permissions = service.permissionsOf(Number(resourceId));
  if (received.method === 'PATCH') {
    if (!identity.mayAuthorize) return mayNotAuthorize(identity);
    const body: PermissionBody | undefined = objectOf(received.body);
    if (body === undefined) return unreadableBody;
    if (body.allPipelines !== undefined) permissions.all = body.allPipelines.authorized === true;
    for (const { id, authorized } of body.pipelines ?? []) {
      if (authorized) permissions.pipelines.add(id);
      else permissions.pipelines.delete(id);
    }
  } else if (received.method !== 'GET') return badMethod;
  return json(
    {
      resource: { type: 'variablegroup', id: resourceId },
      ...(permissions.all ? { allPipelines: { authorized: true } } : {}),
      pipelines: [...permissions.pipelines].map((id) => ({ id, authorized: true })),
    },
    version.text,
  );
}

/** `build/authorizedresources`: "open access", the older name of the same permission of all pipelines. */
export function serveAuthorizedResources(request: ApiRequest, service: Service): Answer {
  const { received, identity, version } = request;
  if (received.method === 'GET') {
    const type = received.query.get('type') ?? 'variablegroup';
    const id = received.query.get('id');
    const found = authorizedIn(request, service).filter(
      (resource) => resource.type === type && (id === null || resource.id === id),
    );
    return json({ count: found.length, value: found }, version.text);
  }
  if (received.method !== 'PATCH') return badMethod;
  if (!identity.mayAuthorize) return mayNotAuthorize(identity);
  const resources = resourcesIn(received.body);
  if (resources === undefined) return unreadableBody;
  for (const { type, id, authorized } of resources) {
    const group = type === 'variablegroup' ? service.groups.get(Number(id)) : undefined;
    if (group?.projectId === request.project?.id) service.permissionsOf(Number(id)).all = authorized;
  }
  // Recorded: the answer lists all that is authorized in the project, not only what was asked for.
  const value = authorizedIn(request, service);
  return json({ count: value.length, value }, version.text);
}

function authorizedIn({ project }: ApiRequest, service: Service): AuthorizedResource[] {
  return [...service.permissions]
    .filter(([id, { all }]) => all && service.groups.get(id)?.projectId === project?.id)
    .map(([id]) => ({ type: 'variablegroup', id: String(id), authorized: true }));
}

function resourcesIn(body: string): AuthorizedResource[] | undefined {
  try {
    const sent: unknown = JSON.parse(body);
    return Array.isArray(sent) ? (sent as AuthorizedResource[]) : undefined;
  } catch {
    return undefined;
  }
}

function mayNotAuthorize({ name }: Identity): Answer {
  return failure(403, 'AccessDeniedException', `${name} needs Administer permissions.`);
}
