import type { Answer } from '../loopback/loopback-server.js';
import { badMethod, failure, json } from './answers.js';
import { maySee, type Identity } from './identities.js';
import type { ApiRequest } from './request.js';
import type { Service } from './service.js';

export interface Project {
  id: string;
  name: string;
  description?: string;
  revision: number;
  /** Who finds it: those who are in it, everybody in the organization, or anybody. */
  visibility: 'private' | 'organization' | 'public';
  lastUpdateTime: string;
}

/** Finds the project of a URL segment, by name without case or by ID; or says why not, as the service does. */
export function projectOf(segment: string, identity: Identity, service: Service): Project | Answer {
  const wanted = decoded(segment);
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(wanted);
  const found = service.projects.find(
    ({ id, name }) => id === wanted.toLowerCase() || name.toLowerCase() === wanted.toLowerCase(),
  );
  if (found !== undefined && maySee(identity, found.name)) return found;
  if (found === undefined && !isId) {
    return failure(
      404,
      'ProjectDoesNotExistWithNameException',
      `TF200016: The following project does not exist: ${wanted}. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server.`,
    );
  }
  return failure(
    service.switches.invisibleProject,
    'ProjectDoesNotExistException',
    `VS800075: The project with id 'vstfs:///Classification/TeamProject/${found?.id ?? wanted}' does not exist, or you do not have permission to access it.`,
  );
}

/** `projects` and `projects/{name or ID}`. */
export function serveProjects({ received, identity, version, params }: ApiRequest, service: Service): Answer {
  if (received.method !== 'GET') return badMethod;
  const { projectId } = params;
  if (projectId === undefined) {
    const visible = service.projects.filter(({ name }) => maySee(identity, name));
    return json(
      { count: visible.length, value: visible.map((project) => shownProject(project, service)) },
      version.text,
    );
  }
  const found = projectOf(projectId, identity, service);
  return 'status' in found
    ? found
    : json(shownProject(found, service, { _links: linksOf(found, service) }), version.text);
}

/** As lists and definitions show it; asked for by itself, it has links too (recorded in January 2025). */
export function shownProject(
  project: Project,
  service: Service,
  links: Record<string, unknown> = {},
): Record<string, unknown> {
  const { id, name, description, revision, visibility, lastUpdateTime } = project;
  return {
    id,
    name,
    ...(description === undefined ? {} : { description }),
    url: projectUrl(id, service),
    state: 'wellFormed',
    revision,
    ...links,
    visibility,
    lastUpdateTime,
  };
}

function linksOf({ id, name }: Project, service: Service): Record<string, unknown> {
  return {
    self: { href: projectUrl(id, service) },
    collection: { href: `${service.organizationUrl}_apis/projectCollections/${service.instanceId}` },
    web: { href: `${service.organizationUrl}${encodeURIComponent(name)}` },
  };
}

function projectUrl(id: string, service: Service): string {
  return `${service.organizationUrl}_apis/projects/${id}`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
