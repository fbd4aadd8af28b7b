import { certificates } from '../../emulators/loopback/certificates.js';
import type { FrontOptions } from '../../emulators/loopback/front.js';
import type { MiniAgentOptions } from '../../emulators/agent/mini-agent.js';
import { needs, type Part } from '../../emulators/on-demand/parts.js';
import type { ProxyCredentials } from '../../emulators/loopback/real-proxy.js';

export const gateway = { name: 'X-Gateway-Key', value: 'canary-gateway-Nf58XcTb1Gz6' };
export const proxyCredentials = { username: 'agent', password: 'canary-proxy-Jw39YhRs4Qd7' };

/** Stands where an address is known only when the network is up. */
export interface Addresses {
  proxy: string;
  /** A server of another host, to which nothing secret may come. */
  elsewhere: string;
}

type Before = Omit<FrontOptions, 'target'>;

/** What a network puts before the services, and what the agent is told of it. */
export interface NetworkParts {
  needs?: Part[];
  /** Before each service. */
  services?: () => Before;
  /** Before Infisical alone. */
  infisical?: (addresses: Addresses) => Before;
  /** Public names of services, which lead to them in this network alone; `europe` is a second Infisical. */
  names?: Partial<Record<'infisical' | 'europe' | 'ado' | 'target' | 'entra', string>>;
  /** A proxy that takes these credentials, everybody, or nothing at all. */
  proxy?: { credentials?: ProxyCredentials } | 'down';
  agent?: (addresses: Addresses) => Pick<Partial<MiniAgentOptions>, 'proxy' | 'certificates' | 'environment'>;
  /** Of the Infisical connection. */
  parameters?: Record<string, string>;
}

const usesProxy: NetworkParts = {
  needs: ['tinyproxy'],
  proxy: {},
  agent: ({ proxy }) => ({ proxy: { url: proxy } }),
};
const wantsCredentials: NetworkParts = { ...usesProxy, proxy: { credentials: proxyCredentials } };
const loopback = ['127.0.0.1', 'localhost', '::1', '[::1]'];

/** TLS, with the authority told to the agent. @param which of the certificates the servers show */
function tls(which: 'server' | 'expired' | 'otherName' | 'selfSigned'): NetworkParts {
  return {
    needs: ['openssl'],
    services: () => ({ tls: certificates()[which] }),
    agent: () => ({ certificates: { caFile: certificates().caFile } }),
  };
}

/** TLS that asks clients for a certificate. @param which of the certificates the agent is told */
function mutualTls(which?: 'client' | 'strangersClient'): NetworkParts {
  return {
    needs: ['openssl'],
    services: () => ({ tls: { ...certificates().server, clientCa: certificates().ca } }),
    agent: () => ({
      certificates: {
        caFile: certificates().caFile,
        ...(which === undefined ? {} : { client: certificates()[which] }),
      },
    }),
  };
}

/** Networks in which the task has to work. */
const good = {
  direct: {},
  proxy: usesProxy,
  proxyWithCredentials: {
    ...wantsCredentials,
    agent: ({ proxy }) => ({ proxy: { url: proxy, ...proxyCredentials } }),
  },
  /** A proxy, past which the agent is told to go. */
  bypassedProxy: {
    ...usesProxy,
    agent: ({ proxy }) => ({ proxy: { url: proxy, bypass: ['127\\.0\\.0\\.1', '\\[::1\\]'] } }),
  },
  /** The agent knows of no proxy, the machine does. */
  environmentProxy: {
    ...usesProxy,
    agent: ({ proxy }) => ({ environment: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } }),
  },
  environmentNoProxy: {
    ...usesProxy,
    agent: ({ proxy }) => ({
      environment: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: loopback.join(',') },
    }),
  },
  privateCa: tls('server'),
  clientCertificate: mutualTls('client'),
  /** An authority that nobody knows, and an agent that is not to mind. */
  skipValidation: { ...tls('server'), agent: () => ({ certificates: { skipsValidation: true } }) },
  /** Everything at the addresses that it has in the cloud, by certificates of a private authority. */
  cloud: {
    ...tls('server'),
    names: {
      infisical: 'https://app.infisical.com',
      europe: 'https://eu.infisical.com',
      ado: 'https://dev.azure.com',
      target: 'https://devops.example',
      entra: 'https://login.microsoftonline.com',
    },
    agent: ({ proxy }) => ({
      proxy: { url: proxy },
      certificates: { caFile: certificates().caFile },
    }),
  },
  /** Infisical without TLS on another machine. */
  plainHttp: {
    names: { infisical: 'http://infisical.example' },
    agent: ({ proxy }) => ({ proxy: { url: proxy, bypass: ['127\\.0\\.0\\.1'] } }),
  },
  subPath: { infisical: () => ({ subPath: '/infisical' }) },
  ipv6: { services: () => ({ host: '::1' }) },
  gatewayHeader: {
    infisical: () => ({ requires: { ...gateway, otherwise: 'page' } }),
    parameters: { requestHeaders: `${gateway.name}: ${gateway.value}\nX-Team: shop` },
  },
} satisfies Record<string, NetworkParts>;

/** Networks in which it can't, and has to say why. */
const bad = {
  proxyDown: { proxy: 'down', agent: ({ proxy }) => ({ proxy: { url: proxy } }) },
  proxyWithoutCredentials: wantsCredentials,
  proxyWithWrongCredentials: {
    ...wantsCredentials,
    agent: ({ proxy }) => ({ proxy: { url: proxy, ...proxyCredentials, password: 'canary-wrong-Zc17Lp' } }),
  },
  /** A private authority of which the agent was not told. */
  unknownCa: { ...tls('server'), agent: () => ({}) },
  expiredCertificate: tls('expired'),
  certificateOfAnotherName: tls('otherName'),
  selfSignedCertificate: tls('selfSigned'),
  noClientCertificate: mutualTls(),
  strangersClientCertificate: mutualTls('strangersClient'),
  gatewayWithoutHeader: { infisical: () => ({ requires: { ...gateway, otherwise: 'page' } }) },
  gatewaySignIn: {
    infisical: ({ elsewhere }) => ({
      requires: { ...gateway, otherwise: { signInAt: `${elsewhere}/sign-in` } },
    }),
  },
  redirectElsewhere: { infisical: ({ elsewhere }) => ({ redirectTo: elsewhere }) },
} satisfies Record<string, NetworkParts>;

export type Network = keyof typeof good | keyof typeof bad;

export const networks: Record<Network, NetworkParts> = { ...good, ...bad };
export const goodNetworks = Object.keys(good) as (keyof typeof good)[];

export interface Together {
  services: Before;
  infisical: Before;
  agent: ReturnType<NonNullable<NetworkParts['agent']>>;
  parameters: Record<string, string>;
  names: NonNullable<NetworkParts['names']>;
}

/** Several networks at once, such as a proxy and a private authority. */
export function together(names: readonly Network[], addresses: Addresses): Together {
  const parts = names.map((name): NetworkParts => networks[name]);
  return parts.reduce<Together>(
    (before, part) => ({
      services: { ...before.services, ...part.services?.() },
      infisical: { ...before.infisical, ...part.infisical?.(addresses) },
      agent: { ...before.agent, ...part.agent?.(addresses) },
      parameters: { ...before.parameters, ...part.parameters },
      names: { ...before.names, ...part.names },
    }),
    { services: {}, infisical: {}, agent: {}, parameters: {}, names: {} },
  );
}

/** The proxy of these networks, if there is one. */
export function proxyOf(networkNames: readonly Network[]): NetworkParts['proxy'] {
  const parts = networkNames.map((name): NetworkParts => networks[name]);
  return parts.find(({ proxy }) => proxy !== undefined)?.proxy;
}

/** For `before` of a suite: skips it where a program is missing that these networks need. */
export function needsOf(...names: Network[]): Mocha.Func {
  return needs(...new Set(names.flatMap((name) => networks[name].needs ?? [])));
}
