import type { Answer } from '../loopback/loopback-server.js';
import { json } from './answers.js';
import { shownVariable, type Author, type StoredGroup } from './group-store.js';
import { mayRead, mayUse, mayWrite, type Identity } from './identities.js';
import type { Project } from './projects.js';
import type { ApiRequest } from './request.js';
import type { Service } from './service.js';

/** A group in the order of the recordings. Writes name nobody, reads do. */
export function shownGroup(
  group: StoredGroup,
  service: Service,
  answerTo: 'read' | 'write',
): Record<string, unknown> {
  const description = group.description === undefined ? {} : { description: group.description };
  const reference = {
    projectReference: { id: group.projectId, name: service.projectById(group.projectId)?.name },
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
    createdBy: shownAuthor(group.createdBy, answerTo),
    createdOn: group.createdOn,
    modifiedBy: shownAuthor(group.modifiedBy, answerTo),
    modifiedOn: group.modifiedOn,
    isShared: false,
    ...(hasReferences(service) ? { variableGroupProjectReferences: [reference] } : {}),
  };
}

function shownAuthor({ id, displayName, uniqueName }: Author, answerTo: 'read' | 'write'): unknown {
  return answerTo === 'write' ? { displayName: null, id } : { displayName, id, uniqueName };
}

/** A group could be in several projects since Server 2020. */
function hasReferences(service: Service): boolean {
  return service.profile !== 'server-2019';
}

/** Groups that the caller sees, newest first unless told otherwise, in pages. */
export function listGroups(
  { received, version, identity }: ApiRequest,
  project: Project,
  service: Service,
): Answer {
  const { query } = received;
  // Official clients send names or numbers of these enumerations.
  const isAscending = /^(?:idascending|0)$/i.test(query.get('queryOrder') ?? '');
  const visible = [...service.groups.values()]
    .filter((group) => group.projectId === project.id && mayRead(identity, group.name))
    .filter((group) => isAskedFor(group, query) && passesAction(identity, group.name, query))
    .sort((a, b) => (isAscending ? a.id - b.id : b.id - a.id))
    .flatMap((group) => service.asRead(group) ?? []);
  const { page, next } = pageOf(visible, query, isAscending);
  const value = page.map((group) => ({
    ...shownGroup(group, service, 'read'),
    // Recorded: a list leaves the references out, and says null.
    ...(hasReferences(service) ? { variableGroupProjectReferences: null } : {}),
  }));
  const answer = json({ count: value.length, value }, version.text);
  if (next !== undefined) answer.headers = { ...answer.headers, 'x-ms-continuationtoken': String(next) };
  return answer;
}

/** The token is the ID of the next page's first group (example in the specification). */
function pageOf(
  groups: readonly StoredGroup[],
  query: URLSearchParams,
  isAscending: boolean,
): { page: readonly StoredGroup[]; next: number | undefined } {
  const token = Number(query.get('continuationToken') ?? Number.NaN);
  const rest = Number.isNaN(token)
    ? groups
    : groups.filter(({ id }) => (isAscending ? id >= token : id <= token));
  const top = Number(query.get('$top') ?? '100');
  return { page: rest.slice(0, top), next: rest[top]?.id };
}

function isAskedFor({ id, name }: StoredGroup, query: URLSearchParams): boolean {
  const ids = query.get('groupIds');
  if (ids !== null) return ids.split(',').includes(String(id));
  const filter = query.get('groupName')?.toLowerCase();
  if (filter === undefined) return true;
  return filter.endsWith('*')
    ? name.toLowerCase().startsWith(filter.slice(0, -1))
    : name.toLowerCase() === filter;
}

function passesAction(identity: Identity, name: string, query: URLSearchParams): boolean {
  const action = query.get('actionFilter')?.toLowerCase();
  if (action === 'manage' || action === '2') return mayWrite(identity, name);
  return (action !== 'use' && action !== '16') || mayUse(identity, name);
}
