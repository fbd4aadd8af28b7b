import type { Variable } from './variables.js';

export interface Proxy {
  url: string;
  username?: string;
  password?: string;
  /** Regular expressions, as in the agent's file `.proxybypass`. */
  bypass?: string[];
  usesBasicAuth?: boolean;
}

export interface Certificates {
  caFile?: string;
  client?: { certificate: string; key: string; archive: string; password?: string };
  skipsValidation?: boolean;
}

/** Configured, else what the agent's environment says: its own variables, else `http_proxy`, never `https_proxy`. */
export function findProxy(configured: Proxy | undefined, env: NodeJS.ProcessEnv): Proxy | undefined {
  const url = configured?.url ?? env['VSTS_HTTP_PROXY'] ?? env['http_proxy'] ?? '';
  if (url === '') return undefined;
  const fromEnvironment = (env['no_proxy'] ?? '')
    .split(/[,;]/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(bypassOf);
  const username = env['VSTS_HTTP_PROXY_USERNAME'];
  const password = env['VSTS_HTTP_PROXY_PASSWORD'];
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...configured,
    url,
    bypass: [...(configured?.bypass ?? []), ...fromEnvironment],
  };
}

/** Dots are escaped, those of `.*` and those that are escaped already are left (ProcessProxyByPassFromEnv). */
function bypassOf(text: string): string {
  return text.replace(/(?<!\\)\.(?!\*)/g, '\\.');
}

/** ExecutionContext.cs, InitializeJob. The agent never sets NODE_EXTRA_CA_CERTS or NODE_OPTIONS. */
export function proxyVariables(proxy: Proxy | undefined): Variable[] {
  if (proxy === undefined) return [];
  const { url, username = '', password = '', bypass = [], usesBasicAuth = false } = proxy;
  return [
    plain('agent.proxyurl', url),
    ...(username === '' ? [] : [plain('agent.proxyusername', username)]),
    ...(password === '' ? [] : [secret('agent.proxypassword', password)]),
    ...(bypass.length === 0 ? [] : [plain('agent.proxybypasslist', JSON.stringify(bypass))]),
    plain('agent.usebasicauthforproxy', usesBasicAuth ? 'True' : 'False'),
  ];
}

/** With a proxy the agent's own variables for it are emptied, so that no task sees them. */
export function withoutProxySettings(env: NodeJS.ProcessEnv, proxy: Proxy | undefined): NodeJS.ProcessEnv {
  if (proxy === undefined) return env;
  return {
    ...env,
    VSTS_HTTP_PROXY: '',
    ...(proxy.username === undefined ? {} : { VSTS_HTTP_PROXY_USERNAME: '' }),
    ...(proxy.password === undefined ? {} : { VSTS_HTTP_PROXY_PASSWORD: '' }),
  };
}

/** A client certificate needs all three of its files. */
export function certificateVariables({ caFile, client, skipsValidation }: Certificates): Variable[] {
  return [
    ...(skipsValidation === true ? [plain('agent.skipcertvalidation', 'True')] : []),
    ...(caFile === undefined ? [] : [plain('agent.cainfo', caFile)]),
    ...(client === undefined
      ? []
      : [
          plain('agent.clientcert', client.certificate),
          plain('agent.clientcertkey', client.key),
          plain('agent.clientcertarchive', client.archive),
          ...(client.password === undefined ? [] : [secret('agent.clientcertpassword', client.password)]),
        ]),
  ];
}

function plain(name: string, value: string): Variable {
  return { name, value, isSecret: false, isReadOnly: false };
}

function secret(name: string, value: string): Variable {
  return { name, value, isSecret: true, isReadOnly: false };
}
