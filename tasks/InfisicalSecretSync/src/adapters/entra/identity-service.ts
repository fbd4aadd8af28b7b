import { SyncError } from '../../domain/errors.js';
import { SecretValue } from '../../domain/secret-value.js';
import { quoted } from '../../domain/text.js';

/** What gives tokens of a managed identity on a machine of Azure. */
export interface IdentityService {
  /** `metadata`: of virtual machines and their kind. `platform`: of App Service, Functions, Container Apps. */
  kind: 'metadata' | 'platform';
  url: URL;
  version: string;
  /** What the platform wants to see: that whoever asks meant to, or a secret that only this machine has. */
  header: { name: string; value: SecretValue };
  secrets: SecretValue[];
}

/** Link-local, the same on every virtual machine of Azure. */
const metadataHost = 'http://169.254.169.254';

/**
 * Where this machine has it: what the platform names in the environment, else the address of virtual machines.
 * A variable of the pipeline reaches the environment too, so only an address of the machine itself is taken: nothing
 * is ever sent elsewhere.
 * @throws SyncError for an address of anywhere else
 */
export function identityService(env: NodeJS.ProcessEnv): IdentityService {
  const [endpoint, header] = [env['IDENTITY_ENDPOINT'] ?? '', env['IDENTITY_HEADER'] ?? ''];
  if (endpoint !== '' && header !== '') {
    const value = new SecretValue(header);
    return {
      kind: 'platform',
      url: ownAddress(endpoint, 'IDENTITY_ENDPOINT'),
      version: '2019-08-01',
      header: { name: 'X-IDENTITY-HEADER', value },
      secrets: [value],
    };
  }
  const name = 'AZURE_POD_IDENTITY_AUTHORITY_HOST';
  const host = ownAddress(env[name] || metadataHost, name);
  return {
    kind: 'metadata',
    url: new URL('/metadata/identity/oauth2/token', host),
    version: '2018-02-01',
    header: { name: 'Metadata', value: new SecretValue('true') },
    secrets: [],
  };
}

/** Loopback and link-local addresses, which never leave the machine. */
const ownHost =
  /^(?:localhost|127(?:\.\d{1,3}){3}|169\.254(?:\.\d{1,3}){2}|\[::1\]|\[fe[89ab][0-9a-f]:[0-9a-f:]*\])$/i;

function ownAddress(text: string, variable: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && ownHost.test(url.hostname)) return url;
  throw new SyncError(
    `The service connection of infisicalConnection signs in with the agent’s managed identity, but the environment variable ${variable} names ${quoted(url?.host ?? text)}, which is not an address of this machine. On Azure, the platform sets this variable. Remove it from the pipeline and from the agent’s environment.`,
  );
}
