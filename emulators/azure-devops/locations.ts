import { newest, type Profile } from './versions.js';

/** One resource as OPTIONS lists it; requests are routed and their versions judged by the same entry. */
export interface Location {
  id: string;
  area: string;
  resourceName: string;
  routeTemplate: string;
  resourceVersion: number;
  minVersion: string;
  maxVersion: string;
  /** `0.0`: there are only previews. */
  releasedVersion: string;
  /** Older versions are only previews; OPTIONS does not tell. */
  releasedSince?: number;
}

const inArea = (area: string, template: string) => ({ area, routeTemplate: template });
const released = { minVersion: '1.0', maxVersion: '7.2', releasedVersion: '7.1' };
const preview = { ...released, releasedVersion: '0.0' };

/** As OPTIONS of dev.azure.com gave them in January 2025, unless said. */
export const locations = {
  projectGroups: {
    id: 'f5b09dd5-9d54-45a1-8b5a-1c8287d634cc',
    ...inArea('distributedtask', '{project}/_apis/{area}/{resource}/{groupId}'),
    resourceName: 'variablegroups',
    resourceVersion: 2,
    ...released,
    minVersion: '3.1',
    releasedSince: 7,
  },
  organizationGroups: {
    id: 'ef5b7057-ffc3-4c77-bbad-c10b4a4abcc7',
    ...inArea('distributedtask', '_apis/{area}/{resource}/{groupId}'),
    resourceName: 'variablegroups',
    resourceVersion: 2,
    ...released,
    minVersion: '5.2',
    releasedSince: 7,
  },
  oidcToken: {
    id: '69a319f4-28c1-4bfd-93e6-ea0ff5c6f1a2',
    ...inArea(
      'distributedtask',
      '{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/jobs/{jobId}/{resource}',
    ),
    resourceName: 'oidctoken',
    resourceVersion: 1,
    ...released,
    minVersion: '7.1',
  },
  definitions: {
    id: 'dbeaf647-6167-421a-bda9-c9327b25e2e6',
    ...inArea('Build', '{project}/_apis/build/{resource}/{definitionId}'),
    resourceName: 'Definitions',
    resourceVersion: 7,
    ...released,
  },
  authorizedResources: {
    id: '398c85bc-81aa-4822-947c-a194a05f0fef',
    ...inArea('build', '{project}/_apis/{area}/{resource}'),
    resourceName: 'authorizedresources',
    resourceVersion: 1,
    ...preview,
    minVersion: '5.0',
  },
  projects: {
    id: '603fe2ac-9723-48b9-88ad-09305aa6c6e1',
    ...inArea('core', '_apis/{resource}/{*projectId}'),
    resourceName: 'projects',
    resourceVersion: 4,
    ...released,
  },
  connectionData: {
    id: '00d9565f-ed9c-4a06-9a50-00e7896ccab4',
    ...inArea('Location', '_apis/{resource}'),
    resourceName: 'ConnectionData',
    resourceVersion: 1,
    ...preview,
  },
  resourceAreas: {
    id: 'e81700f7-3be2-46de-8624-2eb35882fcaa',
    ...inArea('Location', '_apis/{resource}/{areaId}'),
    resourceName: 'ResourceAreas',
    resourceVersion: 1,
    ...preview,
    minVersion: '3.2',
  },
  // Neither this nor the next is in the recording: their IDs stand in official clients, the oldest of which asks for
  // 6.0-preview.1 here; the templates are the documented URLs.
  pipelinePermissions: {
    id: 'b5b9a4a4-e6cd-4096-853c-ab7d8b0c4eb2',
    ...inArea('pipelinePermissions', '{project}/_apis/pipelines/{resource}/{resourceType}/{resourceId}'),
    resourceName: 'pipelinePermissions',
    resourceVersion: 1,
    ...preview,
    minVersion: '6.0',
  },
} satisfies Record<string, Location>;

export type LocationName = keyof typeof locations;

/** What a server of that age knows, in versions no newer than itself. */
export function locationsOf(profile: Profile): Map<LocationName, Location> {
  const limit = newest[profile];
  const known = Object.entries(locations) as [LocationName, Location][];
  return new Map(
    known
      .filter(([, { minVersion }]) => Number(minVersion) <= limit)
      .map(([name, location]) => [name, asOf(location, limit)]),
  );
}

function asOf(location: Location, limit: number): Location {
  const { releasedVersion, maxVersion, releasedSince = 0, resourceVersion } = location;
  const isOld = limit < 5.2;
  return {
    ...location,
    // Groups got their references, and with them the second version of the resource, in 5.2.
    resourceVersion: isOld && location.resourceName === 'variablegroups' ? 1 : resourceVersion,
    maxVersion: Math.min(Number(maxVersion), limit).toFixed(1),
    releasedVersion: releasedSince > limit ? '0.0' : Math.min(Number(releasedVersion), limit).toFixed(1),
  };
}

/** The entry as an answer shows it. */
export function shownLocation(location: Location): Omit<Location, 'releasedSince'> {
  const { id, area, resourceName, routeTemplate, resourceVersion } = location;
  const { minVersion, maxVersion, releasedVersion } = location;
  return { id, area, resourceName, routeTemplate, resourceVersion, minVersion, maxVersion, releasedVersion };
}

/** The parts of a path, below the organization, that the template names; undefined where it does not fit. */
export function matchLocation(location: Location, path: string): Record<string, string> | undefined {
  const segments = location.routeTemplate
    .replace('{area}', location.area)
    .replace('{resource}', location.resourceName)
    .replace('{scopeIdentifier}', '{project}')
    .split('/');
  const last = segments.at(-1) ?? '';
  const isOptional = /^\{.*\}$/.test(last);
  const pattern = (isOptional ? segments.slice(0, -1) : segments).map(patternOf).join('/');
  const end = isOptional ? `(?:/${patternOf(last)})?` : '';
  const match = new RegExp(`^${pattern}${end}/?$`, 'i').exec(path);
  return match === null ? undefined : { ...match.groups };
}

function patternOf(segment: string): string {
  return segment.replace(/^\{\*(\w+)\}$/, '(?<$1>.+?)').replace(/^\{(\w+)\}$/, '(?<$1>[^/]+)');
}
