import type { Answer } from '../loopback/loopback-server.js';
import { badMethod, failure, isObject, json, objectOf, unreadableBody } from './answers.js';
import { mergedVariables, shownVariables, type StoredRelease } from './definition-store.js';
import type { ApiRequest } from './request.js';
import type { Service } from './service.js';

/** `release/definitions`: classic releases. PUT has no ID in its path, the body names it (vsts-rest-api-specs). */
export function serveReleaseDefinitions(request: ApiRequest, service: Service): Answer {
  const { received, params, version, identity } = request;
  const hasId = params['definitionId'] !== undefined;
  if (received.method === 'GET' && hasId) {
    const release = releaseOf(request, Number(params['definitionId']), service);
    return 'status' in release ? release : json(shownRelease(release), version.text);
  }
  if (received.method !== 'PUT' || hasId) return badMethod;
  const body = objectOf(received.body);
  if (body === undefined) return unreadableBody;
  const release = releaseOf(request, Number(body['id']), service);
  if ('status' in release) return release;
  if (identity.definitions !== 'edit') return denied(identity.name, 'Edit release pipeline');
  const refused = refuseChange(body, release);
  if (refused !== undefined) return refused;
  storeRelease(release, body);
  release.revision += 1;
  return json(shownRelease(release), version.text);
}

/** Takes in what a client, or a test, says of a release pipeline. */
export function storeRelease(release: StoredRelease, sent: Record<string, unknown>): void {
  const { variables, ...body } = sent;
  const stages = stagesOf(sent);
  release.name = typeof body['name'] === 'string' ? body['name'] : release.name;
  release.body = body;
  release.variables = mergedVariables(variables, release.variables);
  release.stages = new Map(
    stages.map((stage) => {
      const id = Number(stage['id']);
      return [id, mergedVariables(stage['variables'], release.stages.get(id) ?? {})];
    }),
  );
}

function refuseChange(body: Record<string, unknown>, release: StoredRelease): Answer | undefined {
  if (stagesOf(body).length === 0)
    return invalid('VS402875: Release pipeline needs to have at least one stage.');
  if (body['revision'] === release.revision) return undefined;
  return invalid('You are using an old copy of the release pipeline. Refresh your copy and try again.');
}

function releaseOf({ project, identity }: ApiRequest, id: number, service: Service): StoredRelease | Answer {
  const release = service.releases.get(id);
  if (project === undefined || release?.projectId !== project.id) {
    return failure(
      404,
      'ReleaseDefinitionNotFoundException',
      `VS402864: Release pipeline with ID ${String(id)} does not exist. Specify a valid ID and try again.`,
    );
  }
  return identity.definitions === 'none' ? denied(identity.name, 'View release pipeline') : release;
}

function shownRelease(release: StoredRelease): Record<string, unknown> {
  const { id, name, revision, variables, stages, body } = release;
  const environments = stagesOf(body).map((stage) => ({
    ...stage,
    variables: shownVariables(stages.get(Number(stage['id'])) ?? {}),
  }));
  return { ...body, id, name, revision, variables: shownVariables(variables), environments };
}

function stagesOf(body: Record<string, unknown>): Record<string, unknown>[] {
  const stages = body['environments'];
  return Array.isArray(stages) ? stages.filter(isObject) : [];
}

function invalid(message: string): Answer {
  return failure(400, 'InvalidRequestException', message);
}

function denied(who: string, permission: string): Answer {
  return failure(403, 'AccessDeniedException', `Access denied. ${who} needs ${permission} permissions.`);
}
