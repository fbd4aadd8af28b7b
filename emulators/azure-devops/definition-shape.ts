import { isObject } from './answers.js';
import { shownVariables, type StoredDefinition } from './definition-store.js';
import { shownProject, type Project } from './projects.js';
import type { Service } from './service.js';

/** Clients send the numbers of enumerations; answers carry their names. */
const names: Record<string, Record<number, string>> = {
  triggerType: { 1: 'none', 2: 'continuousIntegration', 4: 'batchedContinuousIntegration', 8: 'schedule' },
  type: { 1: 'xaml', 2: 'build' },
  quality: { 1: 'definition', 2: 'draft' },
  queueStatus: { 0: 'enabled', 1: 'paused', 2: 'disabled' },
  jobAuthorizationScope: { 1: 'projectCollection', 2: 'project' },
};

/** What the service writes itself, whatever a client sends there. */
const ownProperties = new Set([
  ...['_links', 'authoredBy', 'createdDate', 'drafts', 'id', 'name', 'project', 'revision', 'uri', 'url'],
  'variables',
]);

/** What lists show too. */
const inReference = new Set(['quality', 'queue', 'path', 'type', 'queueStatus']);

/** The part of a body that is stored as it comes, with the defaults and spellings of the service. */
export function storedBody(
  sent: Record<string, unknown>,
  { isNew, project, service }: { isNew: boolean; project: Project; service: Service },
): Record<string, unknown> {
  const { triggers, repository, queue, ...rest } = without(sent, ownProperties);
  return {
    properties: {},
    tags: [],
    jobAuthorizationScope: 'projectCollection',
    quality: 'definition',
    path: '\\',
    type: 'build',
    queueStatus: 'enabled',
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, named(name, value)])),
    ...(Array.isArray(triggers) ? { triggers: triggers.map(storedTrigger) } : {}),
    ...(isObject(repository)
      ? { repository: storedRepository(repository, { isNew, project, service }) }
      : {}),
    ...(isObject(queue) ? { queue: storedQueue(queue, service) } : {}),
  };
}

function named(property: string, value: unknown): unknown {
  return (typeof value === 'number' ? names[property]?.[value] : undefined) ?? value;
}

function storedTrigger(trigger: unknown): unknown {
  if (!isObject(trigger)) return trigger;
  const triggerType = named('triggerType', trigger['triggerType']);
  if (triggerType !== 'continuousIntegration') return { ...trigger, triggerType };
  const { settingsSourceType, ...rest } = without(trigger, new Set(['triggerType']));
  return {
    branchFilters: [],
    pathFilters: [],
    ...(settingsSourceType === undefined ? {} : { settingsSourceType }),
    batchChanges: false,
    maxConcurrentBuildsPerBranch: 1,
    ...rest,
    triggerType,
  };
}

/** A new definition keeps the branch as it was sent, the first PUT makes it a full reference (recorded). */
function storedRepository(
  repository: Record<string, unknown>,
  { isNew, project, service }: { isNew: boolean; project: Project; service: Service },
): Record<string, unknown> {
  const { id, type, name, url, defaultBranch, clean, checkoutSubmodules, ...rest } = repository;
  const branch = typeof defaultBranch === 'string' ? defaultBranch : undefined;
  const isFull = isNew || branch === undefined || branch.startsWith('refs/');
  return {
    id,
    type: typeof type === 'string' && /^tfsgit$/i.test(type) ? 'TfsGit' : type,
    name,
    url: url ?? `${service.organizationUrl}${project.name}/_git/${String(name)}`,
    defaultBranch: isFull ? branch : `refs/heads/${branch}`,
    clean: clean ?? null,
    checkoutSubmodules: checkoutSubmodules ?? false,
    ...rest,
  };
}

function storedQueue(queue: Record<string, unknown>, service: Service): Record<string, unknown> {
  const known = service.queues.get(Number(queue['id']));
  if (known === undefined) return queue;
  const url = `${service.organizationUrl}_apis/build/Queues/${String(known.id)}`;
  const { id, name, pool } = known;
  return { _links: { self: { href: url } }, id, name, url, pool };
}

/** A definition in the order of the recordings. */
export function shownDefinition(definition: StoredDefinition, service: Service): Record<string, unknown> {
  const { triggers, properties, tags, description, jobAuthorizationScope, process, repository, ...rest } =
    definition.body;
  const isEmpty = Object.keys(definition.variables).length === 0;
  return {
    ...without(rest, inReference),
    ...present({ triggers }),
    ...(isEmpty ? {} : { variables: shownVariables(definition.variables) }),
    properties,
    tags,
    _links: linksOf(definition, service),
    ...present({ description, jobAuthorizationScope, process, repository }),
    ...shownReference(definition, service),
  };
}

/** What a list shows of a definition. */
export function shownReference(definition: StoredDefinition, service: Service): Record<string, unknown> {
  const { quality, queue, path, type, queueStatus } = definition.body;
  const { id, name, revision, createdDate } = definition;
  const project = service.projectById(definition.projectId);
  return {
    quality,
    authoredBy: shownAuthor(definition.authoredBy, service),
    drafts: [],
    ...present({ queue }),
    id,
    name,
    url: ownUrl(definition, service),
    uri: `vstfs:///Build/Definition/${String(id)}`,
    path,
    type,
    queueStatus,
    revision,
    createdDate,
    ...(project === undefined ? {} : { project: shownProject(project, service) }),
  };
}

export function linksOf(definition: StoredDefinition, service: Service): Record<string, unknown> {
  const id = String(definition.id);
  const base = `${service.organizationUrl}${definition.projectId}`;
  return {
    self: { href: ownUrl(definition, service) },
    web: { href: `${base}/_build/definition?definitionId=${id}` },
    editor: { href: `${base}/_build/designer?id=${id}&_a=edit-build-definition` },
    badge: { href: `${base}/_apis/build/status/${id}` },
  };
}

function ownUrl({ id, projectId, revision }: StoredDefinition, service: Service): string {
  const address = `${service.organizationUrl}${projectId}/_apis/build/Definitions/${String(id)}`;
  return `${address}?revision=${String(revision)}`;
}

function shownAuthor(author: StoredDefinition['authoredBy'], service: Service): Record<string, unknown> {
  const { displayName, id, uniqueName, descriptor } = author;
  const image = `${service.organizationUrl}_apis/GraphProfile/MemberAvatars/${descriptor}`;
  return {
    displayName,
    url: `${service.origin('identities')}/_apis/Identities/${id}`,
    _links: { avatar: { href: image } },
    id,
    uniqueName,
    imageUrl: image,
    descriptor,
  };
}

function present(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function without(record: Record<string, unknown>, names: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.has(name)));
}
