import type { Answer } from '../loopback-server.js';

const namespaces: Record<string, string> = {
  VariableGroupExistsException: 'Microsoft.TeamFoundation.DistributedTask.WebApi',
  ProjectDoesNotExistWithNameException: 'Microsoft.TeamFoundation.Core.WebApi',
  ProjectDoesNotExistException: 'Microsoft.TeamFoundation.Core.WebApi',
  AccessDeniedException: 'Microsoft.TeamFoundation.DistributedTask.WebApi',
  ArgumentException: 'System',
};

/** The error envelope as dev.azure.com sends it (recorded 2019-2026). */
export function failure(status: number, typeKey: string, message: string): Answer {
  const namespace = namespaces[typeKey] ?? 'Microsoft.VisualStudio.Services.WebApi';
  return json(status, {
    $id: '1',
    innerException: null,
    message,
    typeName: `${namespace}.${typeKey}, ${namespace}`,
    typeKey,
    errorCode: 0,
    eventId: 3000,
  });
}

export function json(status: number, value: unknown, version = ''): Answer {
  const suffix = version === '' ? '' : `; api-version=${version}`;
  return {
    status,
    headers: { 'Content-Type': `application/json; charset=utf-8${suffix}`, 'Cache-Control': 'no-cache' },
    body: JSON.stringify(value),
  };
}

export const badMethod: Answer = {
  status: 405,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', Allow: 'GET' },
  body: 'The requested resource does not support this http method.',
};

export function notFound(path: string): Answer {
  return failure(404, 'VssServiceResponseException', `No route answers ${path}.`);
}
