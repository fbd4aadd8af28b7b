import type { Answer } from '../loopback/loopback-server.js';
import { badMethod, json } from './answers.js';
import { locationsOf, shownLocation } from './locations.js';
import type { ApiRequest } from './request.js';
import type { Host, Service } from './service.js';

/** `OPTIONS _apis` and `OPTIONS _apis/{area}`: which resources there are, and in which versions. */
export function serveOptions(area: string | undefined, service: Service): Answer {
  const value = [...locationsOf(service.profile).values()]
    .filter((location) => area === undefined || location.area.toLowerCase() === area.toLowerCase())
    .map(shownLocation);
  return json({ value, count: value.length });
}

/** Recorded in January 2025; other areas exist and are not emulated. */
const areas: readonly (readonly [id: string, name: string, host: Host])[] = [
  ['fb13a388-40dd-4a04-b530-013a739c72ef', 'policy', 'main'],
  ['79134c72-4a58-4b42-976c-04e7115f32bf', 'core', 'main'],
  ['efc2f575-36ef-48e9-b672-0c6fb4a48ac5', 'Release', 'vsrm'],
  ['a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd', 'distributedtask', 'main'],
  ['4e080c62-fa21-4fbc-8fef-2a10a2b38049', 'git', 'main'],
  ['5d6898bb-45ec-463f-95f9-54d49c71752e', 'build', 'main'],
  ['965220d5-5bb9-42cf-8d67-9b146df2a5a4', 'Build', 'main'],
  ['2e0bf237-8973-4ec9-a581-9c3d679d1776', 'pipelines', 'main'],
  ['bb1e7ec9-e901-4b68-999a-de7012b920f8', 'Graph', 'vssps'],
  ['af68438b-ed04-4407-9eb6-f1dbae3f922e', 'TokenAdmin', 'vssps'],
  ['1814ab31-2f4f-4a9f-8761-f4d77dc5a5d7', 'serviceendpoint', 'main'],
];

/** `ResourceAreas`: which host serves what. A server has one host, and says nothing. */
export function serveResourceAreas({ received, version }: ApiRequest, service: Service): Answer {
  if (received.method !== 'GET') return badMethod;
  if (service.profile !== 'services') return json({ count: 0, value: null }, version.text);
  const value = areas.map(([id, name, host]) => ({
    id,
    name,
    locationUrl: `${service.origin(host)}/${service.organization}/`,
  }));
  return json({ count: value.length, value }, version.text);
}

/** `ConnectionData`: who the caller is. */
export function serveConnectionData({ received, version, identity }: ApiRequest, service: Service): Answer {
  if (received.method !== 'GET') return badMethod;
  const user = {
    id: identity.id,
    descriptor: `Microsoft.IdentityModel.Claims.ClaimsIdentity;${service.tenant}\\${identity.uniqueName}`,
    subjectDescriptor: identity.descriptor,
    providerDisplayName: identity.name,
    customDisplayName: identity.name,
    isActive: true,
    properties: { Account: { $type: 'System.String', $value: identity.uniqueName } },
    resourceVersion: 2,
    metaTypeId: 0,
  };
  const change = 424_239_147;
  return json(
    {
      authenticatedUser: user,
      authorizedUser: user,
      instanceId: service.instanceId,
      deploymentId: service.deploymentId,
      deploymentType: service.profile === 'services' ? 'hosted' : 'onPremises',
      locationServiceData: {
        serviceOwner: '00025394-6065-48ca-87d9-7f5672854ef7',
        defaultAccessMappingMoniker: 'PublicAccessMapping',
        lastChangeId: change,
        lastChangeId64: change,
      },
    },
    version.text,
  );
}
