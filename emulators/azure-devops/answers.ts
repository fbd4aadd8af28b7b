import type { Answer } from '../loopback/loopback-server.js';

/** Where an exception lives, as far as a recording or a public report names it; the rest is core library. */
const namespaces: Record<string, readonly [namespace: string, assembly?: string]> = {
  ArgumentException: ['System', 'mscorlib'],
  VariableGroupExistsException: ['Microsoft.TeamFoundation.DistributedTask.WebApi'],
  VariableGroupNotFoundException: ['Microsoft.TeamFoundation.DistributedTask.WebApi'],
  AccessDeniedException: ['Microsoft.TeamFoundation.DistributedTask.WebApi'],
  ProjectDoesNotExistWithNameException: ['Microsoft.TeamFoundation.Core.WebApi'],
  ProjectDoesNotExistException: ['Microsoft.TeamFoundation.Core.WebApi'],
  UnauthorizedRequestException: ['Microsoft.TeamFoundation.Framework.Server'],
  RequestBlockedException: ['Microsoft.TeamFoundation.Framework.Server'],
  DefinitionExistsException: [
    'Microsoft.TeamFoundation.Build.WebApi',
    'Microsoft.TeamFoundation.Build2.WebApi',
  ],
  DefinitionNotFoundException: [
    'Microsoft.TeamFoundation.Build.WebApi',
    'Microsoft.TeamFoundation.Build2.WebApi',
  ],
  WebHookException: [
    'Microsoft.TeamFoundation.DistributedTask.Pipelines.Artifacts.WebHooks',
    'Microsoft.TeamFoundation.DistributedTask.Orchestration.Server',
  ],
  VssServiceException: ['Microsoft.VisualStudio.Services.Common'],
};

const uncached = { 'Cache-Control': 'no-cache', Pragma: 'no-cache', Expires: '-1' };
const framed = { 'X-Frame-Options': 'SAMEORIGIN' };

/** The error envelope as dev.azure.com sends it (recorded 2019-2026). */
export function failure(status: number, typeKey: string, message: string): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...uncached, ...framed },
    body: JSON.stringify(envelope(typeKey, message)),
  };
}

/** Build has exceptions of the same names in a place of its own. */
export function buildFailure(status: number, typeKey: string, message: string): Answer {
  const typeName = `Microsoft.TeamFoundation.Build.WebApi.${typeKey}, Microsoft.TeamFoundation.Build2.WebApi`;
  const answer = failure(status, typeKey, message);
  return { ...answer, body: JSON.stringify({ ...envelope(typeKey, message), typeName }) };
}

export function envelope(typeKey: string, message: string): Record<string, unknown> {
  const [namespace, assembly] = namespaces[typeKey] ?? ['Microsoft.VisualStudio.Services.WebApi'];
  return {
    $id: '1',
    innerException: null,
    message,
    typeName: `${namespace}.${typeKey}, ${assembly ?? namespace}`,
    typeKey,
    errorCode: 0,
    // Faults of the core library have no number of their own (recorded 2019).
    eventId: namespace === 'System' ? 0 : 3000,
  };
}

/** A success; its Content-Type repeats the api-version that was asked for, where one belongs there. */
export function json(value: unknown, version = ''): Answer {
  const suffix = version === '' ? '' : `; api-version=${version}`;
  return {
    status: 200,
    headers: {
      'Content-Type': `application/json; charset=utf-8${suffix}`,
      Vary: 'Accept-Encoding',
      ...uncached,
      ...framed,
    },
    body: JSON.stringify(value),
  };
}

export const nothing: Answer = { status: 204, headers: { ...uncached, ...framed } };

export const badMethod: Answer = {
  status: 405,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', ...framed },
  body: 'The requested resource does not support this http method.',
};

/** A body that fits no model: the faulty envelope that official clients know how to read. */
export const unreadableBody: Answer = {
  status: 400,
  headers: { 'Content-Type': 'application/json; charset=utf-8', ...uncached, ...framed },
  body: JSON.stringify({ count: 1, value: { Message: 'The request is invalid.' } }),
};

/** No route at all: text, and the message once more in a header (recorded 2026). */
export function noRoute(path: string): Answer {
  const message = `The controller for path '${path}' was not found or does not implement IController.`;
  return {
    status: 404,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      ...framed,
      'X-TFS-ServiceError': headerText(message),
    },
    body: message,
  };
}

export function headerText(message: string): string {
  return encodeURIComponent(message).replaceAll("'", '%27');
}

/** The parsed object of a body, or undefined where it is none. */
export function objectOf(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
