import type { Answer } from '../loopback/loopback-server.js';
import { isOld, isRecorded2026, json, Refused, unauthorized } from './answers.js';
import { databaseDown, found, tokenError } from './bearer.js';
import { JwtProblem } from './jwt.js';
import type { Call, Server } from './server.js';
import { rootOrganization } from './store.js';
import { refuseGone } from './tokens.js';
import { textsOf } from './validation.js';

type Identity = Server['identities'][number];

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The answer to a login that succeeded. */
export async function loggedIn(
  server: Server,
  identity: Identity,
  session: { organizationSlug: string | undefined; clientSecretId?: string },
): Promise<Answer> {
  const { organizationSlug, ...rest } = session;
  const organization = organizationFor(server, identity, organizationSlug);
  const token = await server.tokens.issue(identity, { ...rest, organization });
  return { ...json(200, server.tokens.answerFor(token)), identity: identity.name };
}

/** The session's organization. Servers of 2024 do not know the parameter and drop it. @throws Refused */
function organizationFor(server: Server, identity: Identity, slug: string | undefined): string {
  const own = identity.organization ?? rootOrganization;
  const isSub = server.identities.some(({ subOrganizations = [] }) => subOrganizations.includes(own));
  if (slug === undefined || isOld(server.options.profile) || slug === own || isSub) return own;
  const exists = server.projects.some(({ organization }) => organization === slug);
  if (identity.subOrganizations?.includes(slug) === true) return slug;
  if (!exists)
    throw new Refused(404, {
      error: 'NotFound',
      message: `Sub organization with ${isRecorded2026(server.options.profile) ? 'name' : 'slug'} ${slug} not found`,
    });
  throw unauthorized(`Identity not authorized to access sub organization ${slug}`);
}

/** The identity of a login with a JWT. @throws Refused */
export function identityWith(
  server: Server,
  id: string,
  method: { field: 'oidcAuth' | 'azureAuth'; notFound: string },
): Identity {
  if (server.databaseIsDown) throw databaseDown(server, 'Find one');
  // Recorded: the database refuses to look for what is no UUID.
  if (isRecorded2026(server.options.profile) && !uuid.test(id)) throw databaseDown(server, 'Find one');
  const identity = server.identities.find((candidate) => candidate.id === id);
  if (identity?.[method.field] !== undefined) return identity;
  if (isOld(server.options.profile)) throw unauthorized();
  throw new Refused(404, { error: 'NotFound', message: method.notFound });
}

export async function renew({ body }: Call, server: Server): Promise<Answer> {
  const { accessToken } = textsOf(body, ['accessToken']);
  try {
    return json(200, await server.tokens.renew(accessToken));
  } catch (cause) {
    if (cause instanceof JwtProblem) throw tokenError(cause.message, isOld(server.options.profile));
    throw cause;
  }
}

export async function revoke({ body }: Call, server: Server): Promise<Answer> {
  const { accessToken } = textsOf(body, ['accessToken']);
  const token = await found(server, accessToken);
  // Recorded of today: revoking again is no error.
  if (!isRecorded2026(server.options.profile)) refuseGone(token, server.options.profile);
  token.revoked = true;
  return json(200, { message: 'Successfully revoked access token' });
}
