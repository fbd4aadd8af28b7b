import type { Answer } from '../loopback-server.js';
import { failure, json } from './errors.js';
import { maySee, type Identity } from './identities.js';

export interface Project {
  id: string;
  name: string;
}

/** Finds the project of a URL segment, by name without case or by ID; or says why not, as the service does. */
export function projectOf(
  segment: string,
  projects: readonly Project[],
  identity: Identity,
): Project | Answer {
  const wanted = decodeURIComponent(segment);
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(wanted);
  const found = projects.find(
    ({ id, name }) => id === wanted.toLowerCase() || name.toLowerCase() === wanted.toLowerCase(),
  );
  if (found !== undefined && maySee(identity, found.name)) return found;
  if (isId) {
    return failure(
      400,
      'ProjectDoesNotExistException',
      `VS800075: The project with id 'vstfs:///Classification/TeamProject/${wanted}' does not exist, or you do not have permission to access it.`,
    );
  }
  return failure(
    404,
    'ProjectDoesNotExistWithNameException',
    `TF200016: The following project does not exist: ${wanted}. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server.`,
  );
}

export function shownProject(project: Project, version: string): Answer {
  return json(
    200,
    { id: project.id, name: project.name, state: 'wellFormed', visibility: 'private' },
    version,
  );
}
