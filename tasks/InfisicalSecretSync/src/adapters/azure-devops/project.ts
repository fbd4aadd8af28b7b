import type { HttpResponse } from '../http/exchange.js';
import { jsonOf } from '../http/json.js';
import { readAttempts } from '../http/client.js';
import { pathSegment } from '../http/path-segment.js';
import type { AzureDevOpsApi } from './api.js';
import { ApiVersion } from './api-version.js';
import * as schema from './schema.js';

export interface TeamProject {
  id: string;
  name: string;
}

/**
 * Looks up a project of the organization, for the calls that want its ID.
 * @returns the project, or the answer that refused
 */
export async function readProject(
  api: AzureDevOpsApi,
  nameOrId: string,
): Promise<TeamProject | HttpResponse> {
  const path = `projects/${pathSegment(nameOrId)}`;
  const version = new ApiVersion('7.1', '5.0');
  const response = await api.call({ method: 'GET', path, version }, readAttempts);
  const project = schema.TeamProject.safeParse(jsonOf(response)?.value);
  return response.status === 200 && project.success ? project.data : response;
}
