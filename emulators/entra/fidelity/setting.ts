import { AzureDevOpsEmulator } from '../../azure-devops/emulator.js';
import type { ServiceConnection } from '../../azure-devops/oidc-tokens.js';
import type { Application } from '../applications.js';
import { EntraEmulator } from '../emulator.js';
import { send, type Answered } from '../../replay/send.js';

export const resource = '499b84ac-1321-427f-aa17-267ca6975798';
export const audience = 'api://AzureADTokenExchange';
export const nowMs = Date.UTC(2026, 10, 24, 12, 0, 0);
export const otherTenant = '99999999-8888-4777-8666-555555555555';

/** An organization, a connection of it, and an application that trusts that connection. */
export interface Setting {
  ado: AzureDevOpsEmulator;
  entra: EntraEmulator;
  connection: ServiceConnection;
  application: Application;
  /** The OIDC token of a job for the connection. */
  assertion: string;
  /** Asks for a token; parts of the form may be changed, or left out by an empty text. */
  exchange: (form?: Record<string, string>, tenant?: string) => Promise<Answered>;
}

export async function setting(
  run: (setting: Setting) => Promise<void>,
  options: { issuer?: 'azure-devops' | 'entra'; entraNowMs?: number } = {},
): Promise<void> {
  const entra = await EntraEmulator.start({ now: () => options.entraNowMs ?? nowMs });
  const ado = await AzureDevOpsEmulator.start({ entra, now: () => nowMs });
  try {
    ado.addProject({ name: 'Shop' });
    ado.addIdentity({ name: 'build', bearer: 'job-token' });
    const application = entra.addApplication({ tenant: ado.tenant });
    const connection = ado.addServiceConnection({
      project: 'Shop',
      name: 'other organization',
      issuer: options.issuer ?? 'azure-devops',
      applicationId: application.id,
    });
    application.federatedCredentials.push(ado.federationOf(connection));
    const assertion = await oidcToken(ado, connection.id);
    const exchange: Setting['exchange'] = (form = {}, tenant = ado.tenant) =>
      post(entra, tenant, { ...formOf(application.id, assertion), ...form });
    await run({ ado, entra, connection, application, assertion, exchange });
  } finally {
    await Promise.all([ado.close(), entra.close()]);
  }
}

async function oidcToken(ado: AzureDevOpsEmulator, connectionId: string): Promise<string> {
  const { oidcRequestUri } = ado.addJob({ project: 'Shop' });
  const answer = await send(ado.origin, {
    method: 'POST',
    target: `${new URL(oidcRequestUri).pathname}?api-version=7.1&serviceConnectionId=${connectionId}`,
    headers: { Authorization: 'Bearer job-token' },
  });
  return (answer.body as { oidcToken: string }).oidcToken;
}

export function formOf(clientId: string, assertion: string): Record<string, string> {
  return {
    grant_type: 'client_credentials',
    client_id: clientId,
    scope: `${resource}/.default`,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  };
}

function post(entra: EntraEmulator, tenant: string, form: Record<string, string>): Promise<Answered> {
  const sent = Object.entries(form).filter(([, value]) => value !== '');
  return send(entra.origin, {
    method: 'POST',
    target: `/${tenant}/oauth2/v2.0/token`,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(sent).toString(),
  });
}

/** The number, OAuth's word and the status. */
export function refusalOf({
  status,
  body,
}: Answered): [code: number | undefined, error: string, status: number] {
  const { error, error_codes: codes } = body as { error: string; error_codes: number[] };
  return [codes[0], error, status];
}

export const textOf = ({ body }: Answered): string =>
  (body as { error_description: string }).error_description.replace(/ Trace ID: .*/, '');
