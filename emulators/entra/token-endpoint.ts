import type { Application } from './applications.js';
import { checkAssertion } from './assertions.js';
import { Refused } from './refusals.js';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/**
 * What Entra knows in every tenant: Azure DevOps by its ID, and Azure Resource Manager by its address. The slash at
 * the end of an address is part of it: such a scope has two.
 */
const resources = [
  '499b84ac-1321-427f-aa17-267ca6975798',
  'https://management.azure.com',
  'https://management.azure.com/',
];

export interface Directory {
  tenants: ReadonlySet<string>;
  applications: readonly Application[];
}

/** `POST /{tenant}/oauth2/v2.0/token` with client credentials. @returns whose token it is, and what for. @throws Refused */
export async function authenticated(
  form: URLSearchParams,
  tenant: string,
  { directory, nowMs }: { directory: Directory; nowMs: number },
): Promise<{ application: Application; resource: string }> {
  checkTenant(tenant, directory);
  const grant = required(form, 'grant_type');
  if (grant !== 'client_credentials')
    throw new Refused(
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${grant}'.`,
    );
  const application = applicationOf(required(form, 'client_id'), tenant, directory);
  const assertion = form.get('client_assertion') ?? '';
  if (assertion === '' || form.get('client_assertion_type') !== assertionType)
    throw new Refused(
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  const resource = resourceOf(required(form, 'scope'));
  await checkAssertion(assertion, application, nowMs);
  checkPolicies(application);
  return { application, resource };
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name) ?? '';
  if (value !== '') return value;
  throw new Refused(
    'invalid_request',
    900144,
    `The request body must contain the following parameter: '${name}'.`,
  );
}

function checkTenant(tenant: string, { tenants }: Directory): void {
  if (tenants.has(tenant)) return;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|\./i.test(tenant))
    throw new Refused(
      'invalid_request',
      900023,
      `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
    );
  throw new Refused(
    'invalid_request',
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );
}

function applicationOf(id: string, tenant: string, { applications }: Directory): Application {
  const found = applications.find((application) => application.id === id && application.tenant === tenant);
  if (found === undefined)
    throw new Refused(
      'unauthorized_client',
      700016,
      `Application with identifier '${id}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    );
  if (!found.hasServicePrincipal)
    throw new Refused(
      'invalid_client',
      7000229,
      `The client application ${id} is missing service principal in the tenant ${tenant}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
    );
  if (found.isMultiTenant)
    throw new Refused(
      'invalid_request',
      70052,
      'The identity must be a managed identity, a single tenant app, or a service account.',
    );
  return found;
}

function resourceOf(scope: string): string {
  const resource = resources.find((known) => scope === `${known}/.default`);
  if (resource !== undefined) return resource;
  throw new Refused(
    'invalid_scope',
    70011,
    `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  );
}

function checkPolicies({ isBlockedByPolicy }: Application): void {
  if (!isBlockedByPolicy) return;
  throw new Refused(
    'invalid_grant',
    53003,
    'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    { suberror: 'message_only' },
  );
}

/** What is written on the token (version 1.0, as Azure DevOps gets them). */
export function claimsOf(
  { id, objectId, tenant }: Application,
  { resource, nowMs }: { resource: string; nowMs: number },
): Record<string, unknown> {
  const now = Math.floor(nowMs / 1000);
  return {
    aud: resource,
    iss: `https://sts.windows.net/${tenant}/`,
    iat: now,
    nbf: now,
    exp: now + 3600,
    appid: id,
    appidacr: '2',
    idtyp: 'app',
    oid: objectId,
    sub: objectId,
    tid: tenant,
    ver: '1.0',
  };
}
