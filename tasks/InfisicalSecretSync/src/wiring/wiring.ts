import type { AgentHost } from '../adapters/agent/host.js';
import { entraIdentity } from '../adapters/azure-devops/sign-in/entra.js';
import type { AzureDevOpsIdentity } from '../adapters/azure-devops/sign-in/identity.js';
import type { HttpClient } from '../adapters/http/client.js';
import { InfisicalApi } from '../adapters/infisical/api.js';
import type { InfisicalConnection } from '../adapters/infisical/connection.js';
import { explaining } from '../adapters/infisical/explain.js';
import { InfisicalSession } from '../adapters/infisical/session.js';
import { readWizardSync } from '../adapters/infisical/wizard-sync.js';
import { openMac, recordMac, storedSecret } from '../adapters/infisical/record-key.js';
import { InfisicalSource } from '../adapters/infisical/source.js';
import { oldIssuerWarning } from '../adapters/agent/old-issuer.js';
import { requestOidcToken, type OidcToken } from '../adapters/agent/oidc-token.js';
import type { AzureToken } from '../adapters/entra/azure-token.js';
import type { Config } from '../config/config.js';
import type { SecretValue } from '../domain/secret-value.js';
import type { Report } from '../domain/report.js';
import type { Clock, WizardSyncs } from '../ports.js';
import { run, type Parts } from '../sync/run.js';
import { completed } from '../sync/take-over.js';
import { requestAzureToken } from './azure-auth.js';
import { storeFor } from './stores.js';
import type { Surroundings } from './surroundings.js';

export interface Wiring {
  host: AgentHost;
  config: Config;
  surroundings: Surroundings;
  http: HttpClient;
  /** Past every proxy: for what the machine itself offers. */
  direct: HttpClient;
  clock: Clock;
}

/** Puts the adapters together for one run. */
export function wire(wiring: Wiring, access = infisicalAccess(wiring)): Parts {
  const { host, config, surroundings, http, clock } = wiring;
  const { agentRun } = surroundings;
  const { source: folder, settings } = config;
  const identity = identityOf(wiring);
  return {
    source: new InfisicalSource({
      ...access,
      folder: { ...folder, namesOnly: settings.action === 'remove' },
      needsTags: folder.tags.length > 0 || settings.plainTag !== '',
    }),
    ...storeFor(config.destination, { host, agentRun, identity, http, clock }),
    prints: {
      stored: storedSecret(access.connection.auth),
      keyed: (secret) => recordMac(secret, folder.project.text),
      open: openMac,
    },
    host,
    clock,
    reason: agentRun.reason,
    warnings: surroundings.warnings,
  };
}

/** Whoever reads Infisical in this run, with one session. */
interface InfisicalAccess {
  connection: InfisicalConnection;
  api: InfisicalApi;
  session: InfisicalSession;
}

function infisicalAccess(wiring: Wiring): InfisicalAccess {
  const { http, surroundings } = wiring;
  const connection = surroundings.infisical;
  const { mask, oidcToken } = signingIn(wiring);
  const api = new InfisicalApi(connection, http);
  const session = new InfisicalSession(connection, {
    api,
    mask,
    oidcToken: () => oidcToken({ id: connection.id, input: 'infisicalConnection' }),
    azureToken: () => azureToken(wiring),
  });
  return { connection, api, session };
}

/** The whole run: what a sync in Infisical says is read first, where the person named one. */
export async function runStep(wiring: Wiring): Promise<Report> {
  const access = infisicalAccess(wiring);
  const { host, surroundings } = wiring;
  const config = await completed(wiring.config, {
    syncs: wizardSyncs(access),
    source: access.session,
    host,
    reason: surroundings.agentRun.reason,
  });
  return run(config, wire({ ...wiring, config }, access));
}

function wizardSyncs(access: InfisicalAccess): WizardSyncs {
  const { api, session } = access;
  return {
    read: async (project, name) => {
      const about = { project: project.text, environment: '', path: '' };
      const explain = explaining({ ...access, about });
      const token = await session.signIn(explain);
      return readWizardSync({ project, name, api, token, explain });
    },
  };
}

function identityOf(wiring: Wiring): AzureDevOpsIdentity {
  const { azureDevOps } = wiring.surroundings;
  if (azureDevOps.kind === 'known') return azureDevOps.identity;
  return entraIdentity(azureDevOps.connection, { http: wiring.http, ...signingIn(wiring) });
}

/** Asked for only with Azure Auth, whose surroundings say where the token comes from. */
async function azureToken(wiring: Wiring): Promise<AzureToken> {
  const { http, direct, surroundings } = wiring;
  const { infisical, azureTokens } = surroundings;
  if (infisical.auth.kind !== 'azure' || azureTokens === undefined)
    throw new TypeError('nobody signs in by Azure Auth');
  return requestAzureToken(azureTokens, infisical.auth, { http, direct, ...signingIn(wiring) });
}

interface SigningIn {
  mask: (values: SecretValue[]) => void;
  oidcToken: (connection: Parameters<typeof requestOidcToken>[1]) => Promise<OidcToken>;
}

function signingIn({ host, surroundings, http }: Wiring): SigningIn {
  const { jobToken, agentRun } = surroundings;
  const mask = (values: SecretValue[]): void => {
    host.mask(values);
  };
  const parts = { requestUri: agentRun.oidcRequestUri, jobToken, http, mask };
  const oidcToken: SigningIn['oidcToken'] = async (connection) => {
    const token = await requestOidcToken(parts, connection);
    const warning = oldIssuerWarning(token, connection.input);
    if (warning !== undefined) surroundings.warnings.push(warning);
    return token;
  };
  return { mask, oidcToken };
}
