import type { Answer } from '../loopback/loopback-server.js';
import { badMethod, failure, json, nothing, objectOf, unreadableBody } from './answers.js';
import { listGroups, shownGroup } from './group-answers.js';
import {
  denied,
  refuseBody,
  refuseReferences,
  refuseTaken,
  sentVariables,
  sharingRefused,
  wrong,
  type GroupBody,
} from './group-checks.js';
import { mergedVariable, type Author, type StoredGroup, type StoredVariable } from './group-store.js';
import { mayCreate, mayRead, maySee, mayWrite, type Identity } from './identities.js';
import { projectOf, type Project } from './projects.js';
import type { ApiRequest } from './request.js';
import type { Service } from './service.js';

/** `distributedtask/variablegroups` on the project's and on the organization's URL. */
export function serveGroups(request: ApiRequest, service: Service): Answer {
  const { received, project, params } = request;
  const hasId = params['groupId'] !== undefined;
  switch (received.method) {
    case 'GET':
      if (project === undefined) return badMethod;
      return hasId ? readOne(request, project, service) : listGroups(request, project, service);
    case 'POST':
      return hasId ? badMethod : create(request, service);
    case 'PUT':
      return hasId ? update(request, service) : badMethod;
    case 'PATCH':
      return hasId || project !== undefined ? badMethod : sharingRefused;
    case 'DELETE':
      return hasId ? remove(request, service) : badMethod;
    default:
      return badMethod;
  }
}

/** An unknown group, one of another project, and usually one without View: 200 and null. */
function readOne({ version, identity, params }: ApiRequest, project: Project, service: Service): Answer {
  const group = groupOf(params, service);
  const isHere = group?.projectId === project.id;
  const isHidden = isHere && !mayRead(identity, group.name);
  if (isHidden && service.switches.hiddenGroup === 'forbidden') return denied('variable group');
  const seen = isHere && !isHidden ? service.asRead(group) : undefined;
  return json(seen === undefined ? null : shownGroup(seen, service, 'read'), version.text);
}

function create(request: ApiRequest, service: Service): Answer {
  const { received, version, identity } = request;
  const body: GroupBody | undefined = objectOf(received.body);
  if (body === undefined) return unreadableBody;
  const target = targetOf(request, body, service);
  if ('status' in target) return target;
  if (!mayCreate(identity)) return denied('library');
  const name = body.name ?? '';
  const refused = refuseBody(body, service) ?? refuseTaken(service, target.id, name);
  if (refused !== undefined) return refused;
  const now = service.time();
  const group: StoredGroup = {
    id: service.nextId('group'),
    projectId: target.id,
    type: body.type ?? 'Vsts',
    name,
    description: body.description ?? undefined,
    providerData: body.providerData ?? undefined,
    variables: variablesFrom(body, new Map()),
    createdBy: authorOf(identity),
    createdOn: now,
    modifiedBy: authorOf(identity),
    modifiedOn: now,
  };
  service.groups.set(group.id, group);
  service.remember(group.id, undefined);
  // Whoever creates a library item becomes its administrator (Microsoft's documentation).
  identity.groupRoles[group.name] = 'administrator';
  return json(shownGroup(group, service, 'write'), version.text);
}

/** Where a new group goes: the project of the URL, or on the organization's URL the one that the body refers to. */
function targetOf({ project, identity }: ApiRequest, body: GroupBody, service: Service): Project | Answer {
  const references = body.variableGroupProjectReferences ?? [];
  if (references.length > 1) return sharingRefused;
  if (project !== undefined) return project;
  const id = references[0]?.projectReference?.id ?? '';
  if (!/^[0-9a-f-]{36}$/i.test(id)) return wrong('Atleast one variable group project reference is required');
  return projectOf(id, identity, service);
}

function update(request: ApiRequest, service: Service): Answer {
  const { received, version, identity, params } = request;
  const group = groupOf(params, service);
  const isHere = group !== undefined && isInReach(request, group, service);
  if (!isHere || !mayRead(identity, group.name)) {
    return failure(
      404,
      'VariableGroupNotFoundException',
      `Variable group ${params['groupId'] ?? ''} was not found.`,
    );
  }
  if (!mayWrite(identity, group.name)) return denied('variable group');
  const body: GroupBody | undefined = objectOf(received.body);
  if (body === undefined) return unreadableBody;
  const name = body.name ?? group.name;
  const isRenamed = name.toLowerCase() !== group.name.toLowerCase();
  const refused =
    refuseBody({ ...body, name }, service) ??
    refuseReferences(body, group) ??
    (isRenamed ? refuseTaken(service, group.projectId, name) : undefined);
  if (refused !== undefined) return refused;
  service.remember(group.id, group);
  group.name = name;
  group.description = body.description ?? undefined;
  group.providerData = body.providerData ?? undefined;
  group.variables = variablesFrom(body, group.variables);
  group.modifiedOn = service.time();
  group.modifiedBy = authorOf(identity);
  return json(shownGroup(group, service, 'write'), version.text);
}

/** The project's URL knew DELETE in 5.x (recorded) and refuses it in 7.1 (seen live); between, nobody tells. */
function remove(request: ApiRequest, service: Service): Answer {
  const { received, version, identity, project, params } = request;
  if (project !== undefined && version.number >= 7.1) return badMethod;
  const named = received.query.get('projectIds') ?? '';
  if (project === undefined && named === '')
    return wrong('Value cannot be null.\r\nParameter name: projectIds');
  const group = groupOf(params, service);
  if (group === undefined || !isInReach(request, group, service)) return nothing;
  if (project === undefined && !named.split(',').includes(group.projectId)) return nothing;
  if (!mayWrite(identity, group.name)) return denied('variable group');
  service.groups.delete(group.id);
  return nothing;
}

/** In the project of the URL, or on the organization's URL in any project that the caller sees. */
function isInReach({ project, identity }: ApiRequest, group: StoredGroup, service: Service): boolean {
  if (project !== undefined) return group.projectId === project.id;
  return maySee(identity, service.projectById(group.projectId)?.name ?? '');
}

function groupOf(params: ApiRequest['params'], service: Service): StoredGroup | undefined {
  return service.groups.get(Number(params['groupId']));
}

function variablesFrom(
  body: GroupBody,
  stored: ReadonlyMap<string, StoredVariable>,
): Map<string, StoredVariable> {
  const byFoldedName = new Map([...stored].map(([name, variable]) => [name.toLowerCase(), variable]));
  return new Map(
    sentVariables(body).map(([name, sent]) => [
      name,
      mergedVariable(sent, byFoldedName.get(name.toLowerCase())),
    ]),
  );
}

export function authorOf({ id, name, uniqueName }: Identity): Author {
  return { id, displayName: name, uniqueName };
}
