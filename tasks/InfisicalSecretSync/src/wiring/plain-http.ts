import { addressOf } from '../adapters/http/address.js';
import type { Config } from '../config/config.js';
import { quoted } from '../domain/text.js';
import type { Surroundings } from './surroundings.js';

/** What a run sends credentials to: a service, as messages call it, and its address. */
type Address = readonly [service: string, address: string];

/** Every address that this run sends a credential to. */
export function addressesOf(
  { destination }: Pick<Config, 'destination'>,
  {
    infisical,
    azureDevOps,
    agentRun,
    azureTokens,
  }: Pick<Surroundings, 'infisical' | 'azureDevOps' | 'agentRun'> & Partial<Surroundings>,
): Address[] {
  const isSaved = destination.kind !== 'pipelineVariables';
  const { collectionUrl } = azureDevOps.kind === 'entra' ? azureDevOps.connection : azureDevOps.identity;
  const authorities = [
    ...(isSaved && azureDevOps.kind === 'entra' ? [azureDevOps.connection.authority] : []),
    ...(azureTokens?.kind === 'federated' ? [azureTokens.federation.authority] : []),
  ];
  return [
    ['Infisical', infisical.baseUrl],
    ...(isSaved ? [['Azure DevOps', collectionUrl] as const] : []),
    ...authorities.map((authority) => ['Microsoft Entra', authority] as const),
    ...(authorities.length > 0 || infisical.auth.kind === 'oidc'
      ? [['The OIDC token service of Azure DevOps', agentRun.oidcRequestUri] as const]
      : []),
  ];
}

/** For each host of another machine that is reached without TLS. */
export function plainHttpWarnings(addresses: readonly Address[]): string[] {
  const services = new Map<string, string>();
  for (const [service, address] of addresses) {
    const url = addressOf(address);
    if (url?.protocol !== 'http:' || /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname)) continue;
    if (!services.has(url.host)) services.set(url.host, service);
  }
  return [...services].map(
    ([host, service]) =>
      `${service} at ${quoted(host)} uses http://, so secrets and credentials cross the network unencrypted. Use an https:// address.`,
  );
}
