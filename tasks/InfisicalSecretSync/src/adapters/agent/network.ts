import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { SyncError } from '../../domain/errors.js';
import { SecretValue } from '../../domain/secret-value.js';
import { quoted } from '../../domain/text.js';
import type { AgentPasswords } from './passwords.js';
import { telltaleWarnings } from './telltale-node.js';
import { addressOf, decoded } from '../http/address.js';
import type { Network, Proxy, TlsSettings } from '../http/network.js';
import { isExcepted } from '../http/no-proxy.js';

export interface AgentNetwork extends Network {
  /** What must never be printed. */
  secrets: SecretValue[];
  /** What a person should know about it. */
  warnings: string[];
}

/**
 * The network as the agent is configured: its proxy with the bypass list, else the one that the environment names; its
 * authorities beside those of Node; its client certificate; and no verification only where the agent says so.
 * @throws SyncError for a setting that can't be used
 */
export function agentNetwork(env: NodeJS.ProcessEnv, passwords: AgentPasswords): AgentNetwork {
  const skips = isTrue(env['AGENT_SKIPCERTVALIDATION']);
  const agentProxy = env['AGENT_PROXYURL'] ?? '';
  const proxies = agentProxy === '' ? environmentProxies(env) : agentProxies(env, passwords.proxy);
  return {
    ...proxies,
    secrets: [
      ...proxies.secrets,
      ...(passwords.clientCertificate === undefined ? [] : [passwords.clientCertificate]),
    ],
    tls: { rejectUnauthorized: !skips, ...authorities(env), ...clientCertificate(env, passwords) },
    warnings: [
      ...(skips
        ? [
            'The agent does not verify certificates, because it is configured with --sslskipcertvalidation. Anybody on the network path could read and change the secrets. Give the agent the certificate of its authority instead (--sslcacert).',
          ]
        : []),
      ...telltaleWarnings(env),
    ],
  };
}

interface Proxies extends Pick<Network, 'proxyFor'> {
  secrets: SecretValue[];
}

/** `.proxy` and `.proxybypass` of the agent, whose lines are regular expressions about the whole address. */
function agentProxies(env: NodeJS.ProcessEnv, password: SecretValue | undefined): Proxies {
  const proxy = proxyAt(env['AGENT_PROXYURL'] ?? '', 'The agent’s proxy URL', {
    user: env['AGENT_PROXYUSERNAME'] ?? '',
    password,
  });
  const bypass = bypassRules(env['AGENT_PROXYBYPASSLIST'] ?? '');
  return {
    proxyFor: (url) => (bypass.some((rule) => rule.test(`${url.origin}${url.pathname}`)) ? undefined : proxy),
    secrets: secretsOf(proxy, password),
  };
}

function bypassRules(json: string): RegExp[] {
  let rules: unknown;
  try {
    rules = JSON.parse(json === '' ? '[]' : json);
  } catch {
    rules = undefined;
  }
  if (!Array.isArray(rules)) {
    throw new SyncError(
      'The agent’s proxy bypass list (Agent.ProxyBypassList) is not a JSON list. Look for a variable of that name in the pipeline and in its variable groups, and remove it.',
    );
  }
  return rules.flatMap((rule) => {
    try {
      return typeof rule === 'string' && rule !== '' ? [new RegExp(rule, 'i')] : [];
    } catch {
      throw new SyncError(
        `The agent’s proxy bypass list contains ${quoted(String(rule))}, which is not a regular expression. Correct it in the agent’s file .proxybypass.`,
      );
    }
  });
}

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in lower case first, as curl reads them. */
function environmentProxies(env: NodeJS.ProcessEnv): Proxies {
  const read = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  const [secure, plain] = (['HTTPS_PROXY', 'HTTP_PROXY'] as const).map((name) =>
    read(name) === '' ? undefined : proxyAt(read(name), name),
  );
  const noProxy = read('NO_PROXY');
  return {
    proxyFor: (url) => {
      const proxy = url.protocol === 'https:' ? secure : plain;
      return proxy === undefined || isExcepted(url, noProxy) ? undefined : proxy;
    },
    secrets: [...secretsOf(secure), ...secretsOf(plain)],
  };
}

interface Credentials {
  user: string;
  password: SecretValue | undefined;
}

function proxyAt(
  address: string,
  title: string,
  configured: Credentials = { user: '', password: undefined },
): Proxy {
  // curl takes "proxy:3128" for http://proxy:3128.
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  const url = addressOf(text);
  if (url === undefined) {
    throw new SyncError(
      `${title} is not an address that this task can use. Set it to an address such as http://proxy:3128.`,
    );
  }
  const user = configured.user || decoded(url.username);
  const password = configured.password?.reveal() ?? decoded(url.password);
  return {
    url: new URL(url.origin),
    authorization:
      user === ''
        ? undefined
        : new SecretValue(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`),
  };
}

function secretsOf(proxy: Proxy | undefined, password?: SecretValue): SecretValue[] {
  if (proxy?.authorization === undefined) return [];
  const basic = proxy.authorization.reveal().replace(/^Basic /, '');
  const own =
    password ??
    new SecretValue(
      Buffer.from(basic, 'base64')
        .toString('utf8')
        .replace(/^[^:]*:/, ''),
    );
  return [own, new SecretValue(basic)].filter((secret) => !secret.isEmpty);
}

/** A list of authorities replaces Node's own, those of NODE_EXTRA_CA_CERTS among them. */
function authorities(env: NodeJS.ProcessEnv): Pick<TlsSettings, 'ca'> {
  const file = env['AGENT_CAINFO'] ?? '';
  if (file === '') return {};
  const extra = env['NODE_EXTRA_CA_CERTS'] ?? '';
  return {
    ca: [
      ...rootCertificates,
      readText(file, 'CA certificate'),
      ...(extra === '' ? [] : [optionalText(extra)]),
    ],
  };
}

function clientCertificate(
  env: NodeJS.ProcessEnv,
  { clientCertificate: password }: AgentPasswords,
): Pick<TlsSettings, 'cert' | 'key' | 'passphrase'> {
  const certificate = env['AGENT_CLIENTCERT'] ?? '';
  if (certificate === '') return {};
  return {
    cert: readText(certificate, 'client certificate'),
    key: readText(env['AGENT_CLIENTCERTKEY'] ?? '', 'key of the client certificate'),
    ...(password === undefined ? {} : { passphrase: password.reveal() }),
  };
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SyncError(
      `This task can’t read the file ${quoted(path)}, which the agent is configured with as its ${what}. Check that the file exists and that the agent’s user may read it.`,
      { cause },
    );
  }
}

/** Node itself only warns about a file that it can't read. */
function optionalText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function isTrue(setting: string | undefined): boolean {
  return /^true$/i.test(setting ?? '');
}
