import type { AgentHost } from '../adapters/agent/host.js';
import { entraIdentity } from '../adapters/azure-devops/sign-in/entra.js';
import type { AzureDevOpsIdentity } from '../adapters/azure-devops/sign-in/identity.js';
import type { HttpClient } from '../adapters/http/client.js';
import { InfisicalSource } from '../adapters/infisical/source.js';
import { requestOidcToken, type OidcToken } from '../adapters/agent/oidc-token.js';
import type { AzureToken } from '../adapters/entra/azure-token.js';
import type { Config } from '../config/config.js';
import type { SecretValue } from '../domain/secret-value.js';
import type { Clock } from '../ports.js';
import type { Parts } from '../sync/run.js';
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
export function wire(wiring: Wiring): Parts {
  const { host, config, surroundings, http, clock } = wiring;
  const { agentRun, infisical } = surroundings;
  const { source: folder, settings } = config;
  const { mask, oidcToken } = signingIn(wiring);
  const identity = identityOf(wiring);
  return {
    source: new InfisicalSource({
      connection: infisical,
      folder: { ...folder, namesOnly: settings.action === 'remove' },
      needsTags: folder.tags.length > 0 || settings.plainTag !== '',
      http,
      mask,
      oidcToken: () => oidcToken({ id: infisical.id, input: 'infisicalConnection' }),
      azureToken: () => azureToken(wiring),
    }),
    ...storeFor(config.destination, { host, agentRun, identity, http, clock }),
    host,
    clock,
    reason: agentRun.reason,
    warnings: surroundings.warnings,
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
  return { mask, oidcToken: (connection) => requestOidcToken(parts, connection) };
}
