import type { Answer, Received } from '../loopback-server.js';
import { badMethod, failure, json } from './errors.js';
import {
  mergedVariable,
  shownVariable,
  type SentVariable,
  type StoredGroup,
  type StoredVariable,
} from './group-store.js';
import { mayCreate, mayRead, mayWrite, type Identity } from './identities.js';
import type { Project } from './projects.js';
import type { ApiVersion } from './versions.js';

/** What the group routes share with the rest of the emulator. */
export interface World {
  groups: Map<number, StoredGroup>;
  projectById: (id: string) => Project | undefined;
  nextId: () => number;
  now: () => string;
  /** Called before a group changes, so that lagging reads can show the state before. */
  beforeChange: (group: StoredGroup) => void;
  /** The group as a read sees it now: possibly the state before the last write. */
  asRead: (group: StoredGroup) => StoredGroup;
  /** Whether references appear in answers (since Server 2020). */
  hasReferences: boolean;
}

export interface GroupRequest {
  received: Received;
  version: ApiVersion;
  identity: Identity;
  /** The project of a project-scoped URL. */
  project: Project | undefined;
  id: number | undefined;
}

interface GroupBody {
  name?: string;
  description?: string | null;
  type?: string;
  providerData?: unknown;
  variables?: Record<string, SentVariable>;
  variableGroupProjectReferences?: { projectReference?: { id?: string; name?: string } }[] | null;
}

export function serveGroups(request: GroupRequest, world: World): Answer {
  const { received, id, project } = request;
  switch (received.method) {
    case 'GET':
      if (project === undefined) return badMethod;
      return id === undefined ? list(request, project, world) : readOne(request, project, world);
    case 'POST':
      return id === undefined ? create(request, world) : badMethod;
    case 'PUT':
      return id === undefined ? badMethod : update(request, world);
    case 'DELETE':
      return id === undefined ? badMethod : remove(request, world);
    default:
      return badMethod;
  }
}

function list({ received, version, identity }: GroupRequest, project: Project, world: World): Answer {
  const { query } = received;
  const filter = query.get('groupName');
  const ascending = /^idascending$/i.test(query.get('queryOrder') ?? '');
  const all = [...world.groups.values()]
    .filter((group) => group.projectId === project.id && mayRead(identity, group.name))
    .filter((group) => filter === null || nameMatches(group.name, filter))
    .sort((a, b) => (ascending ? a.id - b.id : b.id - a.id));
  const token = query.get('continuationToken');
  const start = token === null ? 0 : all.findIndex(({ id }) => String(id) === token);
  const top = Number(query.get('$top') ?? '100');
  const page = start < 0 ? [] : all.slice(start, start + top);
  const next = start < 0 ? undefined : all[start + top];
  const value = page.map((group) => ({
    ...shownGroup(world.asRead(group), world, 'read'),
    ...(world.hasReferences ? { variableGroupProjectReferences: null } : {}),
  }));
  const answer = json(200, { count: value.length, value }, version.text);
  if (next !== undefined) answer.headers = { ...answer.headers, 'x-ms-continuationtoken': String(next.id) };
  return answer;
}

function readOne({ version, identity, id }: GroupRequest, project: Project, world: World): Answer {
  const group = world.groups.get(id ?? 0);
  const isVisible = group?.projectId === project.id && mayRead(identity, group.name);
  return json(200, isVisible ? shownGroup(world.asRead(group), world, 'read') : null, version.text);
}

function create({ received, version, identity, project }: GroupRequest, world: World): Answer {
  const body = parse(received.body);
  if (body === undefined) return failure(400, 'ArgumentException', 'The body is not a variable group.');
  const references = body.variableGroupProjectReferences ?? [];
  if (references.length > 1)
    return failure(500, 'InvalidOperationException', 'Sharing of variable group is not allowed.');
  const target = project ?? world.projectById(references[0]?.projectReference?.id ?? '');
  if (target === undefined) {
    return failure(400, 'ArgumentException', 'Atleast one variable group project reference is required');
  }
  if (!mayCreate(identity)) return denied(identity);
  const refused = refuseBody(body);
  if (refused !== undefined) return refused;
  if (nameTaken(world, target.id, body.name ?? '')) return taken(body.name ?? '');
  const group: StoredGroup = {
    id: world.nextId(),
    projectId: target.id,
    type: body.type ?? 'Vsts',
    name: body.name ?? '',
    description: body.description ?? undefined,
    providerData: body.providerData,
    variables: variablesFrom(body, new Map()),
    createdOn: world.now(),
    modifiedOn: world.now(),
    modifiedBy: { id: identity.id, displayName: identity.name },
  };
  world.groups.set(group.id, group);
  // Whoever creates a library item becomes its administrator (Microsoft's documentation).
  identity.groupRoles[group.name] = 'administrator';
  return json(200, shownGroup(group, world, 'write'), version.text);
}

function update({ received, version, identity, project, id }: GroupRequest, world: World): Answer {
  const group = world.groups.get(id ?? 0);
  const isHere = group !== undefined && (project === undefined || group.projectId === project.id);
  if (!isHere || !mayRead(identity, group.name)) {
    return failure(404, 'VariableGroupNotFoundException', `Variable group ${String(id)} was not found.`);
  }
  if (!mayWrite(identity, group.name)) return denied(identity);
  const body = parse(received.body);
  if (body === undefined) return failure(400, 'ArgumentException', 'The body is not a variable group.');
  const refused = refuseBody(body) ?? refuseReferences(body, group);
  if (refused !== undefined) return refused;
  const name = body.name ?? group.name;
  if (name.toLowerCase() !== group.name.toLowerCase() && nameTaken(world, group.projectId, name))
    return taken(name);
  world.beforeChange(group);
  group.name = name;
  group.description = body.description ?? undefined;
  group.providerData = body.providerData;
  group.variables = variablesFrom(body, group.variables);
  group.modifiedOn = world.now();
  group.modifiedBy = { id: identity.id, displayName: identity.name };
  return json(200, shownGroup(group, world, 'write'), version.text);
}

function remove({ received, version, identity, project, id }: GroupRequest, world: World): Answer {
  if (project !== undefined && version.number >= 7.1) return badMethod;
  if (project === undefined && (received.query.get('projectIds') ?? '') === '') {
    return failure(400, 'ArgumentException', 'Value cannot be null. Parameter name: projectIds');
  }
  const group = world.groups.get(id ?? 0);
  const projects = project === undefined ? (received.query.get('projectIds') ?? '').split(',') : [project.id];
  if (group === undefined || !projects.includes(group.projectId)) return { status: 204 };
  if (!mayWrite(identity, group.name)) return denied(identity);
  world.groups.delete(group.id);
  return { status: 204 };
}

function refuseBody(body: GroupBody): Answer | undefined {
  const entries = Object.entries(body.variables ?? {});
  if (entries.length === 0) {
    return failure(400, 'ArgumentException', 'Variable group must have at least one variable defined.');
  }
  const names = entries.map(([name]) => name.toLowerCase());
  if (new Set(names).size !== names.length) {
    return failure(400, 'ArgumentException', 'An item with the same key has already been added.');
  }
  const long = entries.find(([, variable]) => (variable.value ?? '').length > 4096);
  if (long !== undefined) {
    return failure(
      400,
      'ArgumentException',
      `The value of variable ${long[0]} is longer than 4096 characters.`,
    );
  }
  if ((body.name ?? '').trim() === '')
    return failure(400, 'ArgumentException', 'A variable group needs a name.');
  return undefined;
}

function refuseReferences(body: GroupBody, group: StoredGroup): Answer | undefined {
  const foreign = (body.variableGroupProjectReferences ?? []).find(
    ({ projectReference }) => projectReference?.id !== undefined && projectReference.id !== group.projectId,
  );
  if (foreign === undefined) return undefined;
  return failure(
    400,
    'ArgumentException',
    `Variable group is not part of project ${foreign.projectReference?.id ?? ''}.`,
  );
}

function variablesFrom(
  body: GroupBody,
  stored: ReadonlyMap<string, StoredVariable>,
): Map<string, StoredVariable> {
  const byFoldedName = new Map([...stored].map(([name, variable]) => [name.toLowerCase(), variable]));
  return new Map(
    Object.entries(body.variables ?? {}).map(([name, sent]) => [
      name,
      mergedVariable(sent, byFoldedName.get(name.toLowerCase())),
    ]),
  );
}

function shownGroup(group: StoredGroup, world: World, answerTo: 'read' | 'write'): Record<string, unknown> {
  const displayName = answerTo === 'write' ? null : group.modifiedBy.displayName;
  const by = { displayName, id: group.modifiedBy.id };
  const description = group.description === undefined ? {} : { description: group.description };
  const reference = {
    projectReference: { id: group.projectId, name: world.projectById(group.projectId)?.name },
    name: group.name,
    ...description,
  };
  return {
    variables: Object.fromEntries(
      [...group.variables].map(([name, variable]) => [name, shownVariable(variable)]),
    ),
    id: group.id,
    type: group.type,
    name: group.name,
    ...description,
    ...(group.providerData === undefined ? {} : { providerData: group.providerData }),
    createdBy: by,
    createdOn: group.createdOn,
    modifiedBy: by,
    modifiedOn: group.modifiedOn,
    isShared: false,
    ...(world.hasReferences ? { variableGroupProjectReferences: [reference] } : {}),
  };
}

function nameMatches(name: string, filter: string): boolean {
  const folded = name.toLowerCase();
  const wanted = filter.toLowerCase();
  return wanted.endsWith('*') ? folded.startsWith(wanted.slice(0, -1)) : folded === wanted;
}

function nameTaken(world: World, projectId: string, name: string): boolean {
  return [...world.groups.values()].some(
    (group) => group.projectId === projectId && group.name.toLowerCase() === name.toLowerCase(),
  );
}

function taken(name: string): Answer {
  return failure(409, 'VariableGroupExistsException', `Variable group '${name}' already exists.`);
}

function denied(identity: Identity): Answer {
  return failure(
    403,
    'AccessDeniedException',
    `You do not have permissions to perform this operation on the variable group. (${identity.name})`,
  );
}

function parse(body: string): GroupBody | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
