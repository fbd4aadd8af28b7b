import type { Answer, Received } from '../loopback-server.js';
import { badMethod, failure, json } from './errors.js';
import type { Identity } from './identities.js';

/** Which pipelines may use a group. */
export interface Permissions {
  all: boolean;
  pipelines: Set<number>;
}

interface PermissionBody {
  allPipelines?: { authorized?: boolean };
  pipelines?: { id: number; authorized: boolean }[];
}

/** `pipelines/pipelinepermissions/variablegroup/{id}` (vsts-rest-api-specs, approvalsAndChecks 7.1). */
export function servePermissions(
  received: Received,
  about: { groupId: string; permissions: Permissions; identity: Identity; version: string },
): Answer {
  const { permissions, identity, groupId, version } = about;
  if (received.method === 'PATCH') {
    if (!identity.mayAuthorize)
      return failure(403, 'AccessDeniedException', `${identity.name} needs Administer permissions.`);
    const body = JSON.parse(received.body) as PermissionBody;
    if (body.allPipelines !== undefined) permissions.all = body.allPipelines.authorized === true;
    for (const { id, authorized } of body.pipelines ?? []) {
      if (authorized) permissions.pipelines.add(id);
      else permissions.pipelines.delete(id);
    }
  } else if (received.method !== 'GET') return badMethod;
  return json(
    200,
    {
      resource: { type: 'variablegroup', id: groupId },
      ...(permissions.all ? { allPipelines: { authorized: true } } : {}),
      pipelines: [...permissions.pipelines].map((id) => ({ id, authorized: true })),
    },
    version,
  );
}
