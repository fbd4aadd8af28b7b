import * as http from 'node:http';
import * as https from 'node:https';
import type { Network, Proxy } from './network.js';
import { identityProblem } from './server-identity.js';
import { TunnelAgent } from './tunnel.js';

/** The way of a request: the agent that keeps its connections, and the proxy that it is addressed to. */
export interface Way {
  agent: http.Agent;
  /** Only for http:// through a proxy, which is asked for the whole address then; https:// goes through a tunnel. */
  askedProxy: Proxy | undefined;
  /** For messages. */
  proxyHost: string | undefined;
}

/** Keeps connections open between requests, each on the way that the machine wants; closing it lets the process end. */
export class Agents {
  readonly #network: Network;
  readonly #kept = new Map<string, http.Agent>();

  constructor(network: Network) {
    this.#network = network;
  }

  wayTo(url: URL): Way {
    const proxy = this.#network.proxyFor(url);
    const key = `${url.protocol} ${proxy?.url.href ?? ''}`;
    let agent = this.#kept.get(key);
    if (agent === undefined) {
      agent = this.#agentFor(url, proxy);
      this.#kept.set(key, agent);
    }
    return {
      agent,
      askedProxy: url.protocol === 'https:' ? undefined : proxy,
      proxyHost: proxy?.url.host,
    };
  }

  destroy(): void {
    for (const agent of this.#kept.values()) agent.destroy();
  }

  #agentFor({ protocol }: URL, proxy: Proxy | undefined): http.Agent {
    const tls = { ...this.#network.tls, checkServerIdentity: identityProblem };
    const options = { keepAlive: true, ...tls };
    if (protocol === 'https:' && proxy !== undefined) return new TunnelAgent(proxy, options);
    // Proxies close such a connection after each answer and say nothing of it (tinyproxy does): the next request, which
    // may be a write, would get lost on it.
    if (proxy !== undefined) return proxy.url.protocol === 'https:' ? new https.Agent(tls) : new http.Agent();
    return protocol === 'https:' ? new https.Agent(options) : new http.Agent({ keepAlive: true });
  }
}
