import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import type { Answer, Received } from '../loopback/loopback-server.js';
import { failure } from './answers.js';
import { credentialsOf, type Identity } from './identities.js';
import type { Service } from './service.js';

/** Who signs access tokens in the name of Entra. */
export interface EntraKeys {
  keySet: () => Promise<JSONWebKeySet>;
}

/** Azure DevOps, as Entra knows it in every tenant. */
const resource = '499b84ac-1321-427f-aa17-267ca6975798';

/**
 * The service principal of an access token of the organization's tenant, or the refusal of one that nobody has added to
 * the organization. Undefined for whatever else is sent.
 */
export async function servicePrincipalOf(
  received: Received,
  service: Service,
): Promise<Identity | Answer | undefined> {
  const { bearer } = credentialsOf(received);
  const claims = bearer === undefined ? undefined : await claimsOf(bearer, service);
  if (claims === undefined) return undefined;
  const added = service.identities.find(({ servicePrincipal }) => servicePrincipal === claims['appid']);
  return added ?? notAdded(service.tenant, String(claims['oid']));
}

async function claimsOf(bearer: string, service: Service): Promise<JWTPayload | undefined> {
  if (service.entra === undefined || service.profile !== 'services') return undefined;
  try {
    const { payload } = await jwtVerify(bearer, createLocalJWKSet(await service.entra.keySet()), {
      audience: resource,
      issuer: `https://sts.windows.net/${service.tenant}/`,
      algorithms: ['RS256'],
      currentDate: new Date(service.now()),
    });
    return payload;
  } catch {
    return undefined;
  }
}

/** The tenant stands there twice (a11smiles/GitSync#16). */
function notAdded(tenant: string, objectId: string): Answer {
  return failure(
    401,
    'UnauthorizedRequestException',
    `TF401444: Please sign-in at least once as ${tenant}\\${tenant}\\${objectId} in a web browser to enable access to the service.`,
  );
}
