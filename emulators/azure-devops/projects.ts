import type { Answer } from '../loopback/loopback-server.js';
import { badMethod, failure, json } from './answers.js';
import { maySee, type Identity } from './identities.js';
import type { ApiRequest } from './request.js';
import type { Service } from './service.js';

export interface Project {
  id: string;
  name: string;
  revision: number;
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
  return 'status' in found ? found : json(shownProject(found, service), version.text);
}

export function shownProject(project: Project, service: Service): Record<string, unknown> {
  return {
    id: project.id,
    name: project.name,
    url: `${service.organizationUrl}_apis/projects/${project.id}`,
    state: 'wellFormed',
    revision: project.revision,
    visibility: 'private',
    lastUpdateTime: project.lastUpdateTime,
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
