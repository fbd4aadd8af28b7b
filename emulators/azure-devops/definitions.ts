import type { Answer } from '../loopback/loopback-server.js';
import { badMethod, buildFailure, failure, json, nothing, objectOf, unreadableBody } from './answers.js';
import { linksOf, shownDefinition, shownReference, storedBody } from './definition-shape.js';
import { mergedVariables, type StoredDefinition } from './definition-store.js';
import { authorOf } from './groups.js';
import type { Identity } from './identities.js';
import type { Project } from './projects.js';
import type { ApiRequest } from './request.js';
import type { Service } from './service.js';

interface DefinitionRequest extends ApiRequest {
  project: Project;
}

/** `build/definitions`: pipelines as they are saved. */
export function serveDefinitions(request: ApiRequest, service: Service): Answer {
  const { project, received, params } = request;
  if (project === undefined) return badMethod;
  const here = { ...request, project };
  const hasId = params['definitionId'] !== undefined;
  if (received.method === 'GET') return hasId ? readOne(here, service) : list(here, service);
  if (received.method === 'POST' && !hasId) return create(here, service);
  if (received.method === 'PUT' && hasId) return update(here, service);
  if (received.method === 'DELETE' && hasId) return remove(here, service);
  return badMethod;
}

function list({ received, project, version, identity }: DefinitionRequest, service: Service): Answer {
  const pattern = patternOf(received.query.get('name') ?? '*');
  const found = [...service.definitions.values()]
    .filter(({ projectId }) => projectId === project.id && identity.definitions !== 'none')
    .filter(({ name }) => pattern.test(name));
  const top = Number(received.query.get('$top') ?? Number.POSITIVE_INFINITY);
  const value = inOrder(found, received.query.get('queryOrder'))
    .slice(0, top)
    .map((definition) => ({ _links: linksOf(definition, service), ...shownReference(definition, service) }));
  return json({ count: value.length, value }, version.text);
}

/** A name, in which each star stands for any text. */
function patternOf(name: string): RegExp {
  const parts = name.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'is');
}

/** By the names or the numbers of the orders; what was made first comes first otherwise. */
function inOrder(found: readonly StoredDefinition[], order: string | null): StoredDefinition[] {
  const byName = (a: StoredDefinition, b: StoredDefinition): number => (sortKey(a) < sortKey(b) ? -1 : 1);
  const byTime = (a: StoredDefinition, b: StoredDefinition): number =>
    Date.parse(a.createdDate) - Date.parse(b.createdDate);
  switch (order?.toLowerCase()) {
    case '1':
    case 'lastmodifiedascending':
      return found.toSorted(byTime);
    case '2':
    case 'lastmodifieddescending':
      return found.toSorted((a, b) => byTime(b, a));
    case '3':
    case 'definitionnameascending':
      return found.toSorted(byName);
    case '4':
    case 'definitionnamedescending':
      return found.toSorted((a, b) => byName(b, a));
    default:
      return [...found];
  }
}

/**
 * Names have no case, and "web (2)" comes before "web", as recorded in January 2025: names seem to be compared with the
 * backslash that ends a folder, which comes after a blank.
 */
function sortKey({ name }: StoredDefinition): string {
  return `${name.toLowerCase()}\\`;
}

/** Afterwards it is not found; who may edit may delete, which the service keeps apart. */
function remove(request: DefinitionRequest, service: Service): Answer {
  const definition = definitionOf(request, service);
  if ('status' in definition) return definition;
  const { identity, project } = request;
  if (identity.definitions !== 'edit')
    return denied(identity, 'Delete build pipeline', { ...definition, project });
  service.definitions.delete(definition.id);
  return nothing;
}

function readOne(request: DefinitionRequest, service: Service): Answer {
  const definition = definitionOf(request, service);
  if ('status' in definition) return definition;
  return json(shownDefinition(definition, service), request.version.text);
}

function create({ received, project, version, identity }: DefinitionRequest, service: Service): Answer {
  const body = objectOf(received.body);
  if (body === undefined) return unreadableBody;
  const name = nameOf(body);
  if (identity.definitions !== 'edit')
    return denied(identity, 'Edit build pipeline', { id: 0, name, project });
  const refused = refuseTaken(name, project, service);
  if (refused !== undefined) return refused;
  const id = service.nextId('definition');
  const definition: StoredDefinition = {
    id,
    projectId: project.id,
    name,
    revision: 1,
    body: storedBody(body, { isNew: true, project, service }),
    variables: mergedVariables(body['variables'], {}),
    authoredBy: { ...authorOf(identity), descriptor: identity.descriptor },
    createdDate: service.time(3),
  };
  service.definitions.set(id, definition);
  return json(shownDefinition(definition, service), version.text);
}

/** The whole definition, with the revision that was read: what is not sent is gone. */
function update(request: DefinitionRequest, service: Service): Answer {
  const { received, project, version, identity } = request;
  const definition = definitionOf(request, service);
  if ('status' in definition) return definition;
  if (identity.definitions !== 'edit')
    return denied(identity, 'Edit build pipeline', { ...definition, project });
  const body = objectOf(received.body);
  if (body === undefined) return unreadableBody;
  const refused = refuseChange(body, { definition, project }, service);
  if (refused !== undefined) return refused;
  definition.name = nameOf(body);
  definition.body = storedBody(body, { isNew: false, project, service });
  definition.variables = mergedVariables(body['variables'], definition.variables);
  definition.revision += 1;
  definition.authoredBy = { ...authorOf(identity), descriptor: identity.descriptor };
  definition.createdDate = service.time(3);
  return json(shownDefinition(definition, service), version.text);
}

function refuseChange(
  body: Record<string, unknown>,
  { definition, project }: { definition: StoredDefinition; project: Project },
  service: Service,
): Answer | undefined {
  const { id, name, revision } = definition;
  const sentId = Number(body['id'] ?? 0);
  if (sentId !== id) {
    return failure(
      400,
      'ArgumentException',
      `The request specifies pipeline ID ${String(id)} but the supplied pipeline has ID ${String(sentId)}.`,
    );
  }
  if (body['revision'] !== revision) return notFound(String(id), service.switches.staleDefinition);
  const isRenamed = nameOf(body).toLowerCase() !== name.toLowerCase();
  return isRenamed ? refuseTaken(nameOf(body), project, service) : undefined;
}

/** The definition of the URL, or why it is not shown. */
function definitionOf(
  { params, project, identity }: DefinitionRequest,
  service: Service,
): StoredDefinition | Answer {
  const definition = service.definitions.get(Number(params['definitionId']));
  if (definition?.projectId !== project.id) return notFound(params['definitionId'] ?? '', 404);
  if (identity.definitions === 'none')
    return denied(identity, 'View build pipeline', { ...definition, project });
  return definition;
}

function notFound(id: string, status: number): Answer {
  return buildFailure(status, 'DefinitionNotFoundException', `Build pipeline ${id} was not found.`);
}

function refuseTaken(name: string, project: Project, service: Service): Answer | undefined {
  const isTaken = [...service.definitions.values()].some(
    (definition) =>
      definition.projectId === project.id && definition.name.toLowerCase() === name.toLowerCase(),
  );
  if (!isTaken) return undefined;
  return buildFailure(
    400,
    'DefinitionExistsException',
    `Build pipeline ${name} already exists for project ${project.name}.`,
  );
}

function denied(
  identity: Identity,
  permission: string,
  about: { id: number; name: string; project: Project },
): Answer {
  return buildFailure(
    403,
    'AccessDeniedException',
    `TF215106: Access denied. ${identity.name} needs ${permission} permissions for build pipeline ${String(about.id)}:${about.name} in team project ${about.project.name} to perform the action. For more information, contact the Azure DevOps administrator.`,
  );
}

function nameOf(body: Record<string, unknown>): string {
  return typeof body['name'] === 'string' ? body['name'] : '';
}
