import type { ApiVersion } from './versions.js';
import type { LocationName } from './locations.js';

const writers: Partial<Record<LocationName, string[]>> = {
  projectGroups: ['vso.variablegroups_manage'],
  organizationGroups: ['vso.variablegroups_manage'],
  definitions: ['vso.build_execute'],
  authorizedResources: ['vso.build_execute', 'vso.pipelineresources_manage'],
  pipelinePermissions: ['vso.pipelineresources_manage'],
};
const readers: Partial<Record<LocationName, string[]>> = {
  projectGroups: ['vso.variablegroups_read'],
  organizationGroups: ['vso.variablegroups_read'],
  definitions: ['vso.build'],
  authorizedResources: ['vso.build'],
  pipelinePermissions: ['vso.pipelineresources_use'],
};
const included: Record<string, string[]> = {
  'vso.variablegroups_manage': ['vso.variablegroups_write', 'vso.variablegroups_read'],
  'vso.variablegroups_write': ['vso.variablegroups_read'],
  'vso.build_execute': ['vso.build'],
  'vso.pipelineresources_manage': ['vso.pipelineresources_use'],
};

/** Whether a PAT with these scopes may ask; the specifications name the scopes of each call. */
export function covers(
  scopes: 'all' | readonly string[],
  request: { location: LocationName; method: string; version: ApiVersion },
): boolean {
  if (scopes === 'all') return true;
  const { location, method, version } = request;
  const isWrite = method !== 'GET' && method !== 'OPTIONS';
  // Before 7.1 these calls had no scope declared, so only a PAT with full access got through
  // (vsts-rest-api-specs#525, #531).
  if (location === 'organizationGroups' && isWrite && version.number < 7.1) return false;
  const held = scopes.flatMap((scope) => [scope, ...(included[scope] ?? [])]);
  const needed = (isWrite ? writers : readers)[location] ?? [];
  return needed.every((scope) => held.includes(scope));
}
