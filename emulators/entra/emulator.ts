import { randomUUID } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import { TokenIssuer } from '../azure-devops/oidc-tokens.js';
import { LoopbackServer, type Answer, type Logged, type Received } from '../loopback/loopback-server.js';
import type { Application } from './applications.js';
import { json, refusal, Refused } from './refusals.js';
import { authenticated, claimsOf } from './token-endpoint.js';

/** Microsoft Entra, as far as jobs exchange their OIDC token for one of Azure DevOps. See README.md. */
export class EntraEmulator {
  /** Every access token that it gave. */
  readonly tokens: string[] = [];
  readonly #applications: Application[] = [];
  readonly #tenants = new Set<string>();
  readonly #issuer = new TokenIssuer();
  readonly #now: () => number;
  #server: LoopbackServer | undefined;

  private constructor(now: () => number) {
    this.#now = now;
  }

  static async start({ now = () => Date.now() }: { now?: () => number } = {}): Promise<EntraEmulator> {
    const emulator = new EntraEmulator(now);
    emulator.#server = await LoopbackServer.start((received) => emulator.#serve(received));
    return emulator;
  }

  /** The authority, `https://login.microsoftonline.com`. */
  get origin(): string {
    return this.#running.origin;
  }

  get requests(): Logged[] {
    return this.#running.requests;
  }

  get faults(): LoopbackServer['faults'] {
    return this.#running.faults;
  }

  /** The keys of its access tokens, for whoever takes them. */
  async keySet(): Promise<JSONWebKeySet> {
    return await this.#issuer.keySet();
  }

  addTenant(tenant: string): void {
    this.#tenants.add(tenant);
  }

  /** An application of a tenant, which is there from then on. What is returned may be changed. */
  addApplication(application: { tenant: string } & Partial<Application>): Application {
    this.addTenant(application.tenant);
    const added: Application = {
      id: randomUUID(),
      objectId: randomUUID(),
      federatedCredentials: [],
      hasServicePrincipal: true,
      isMultiTenant: false,
      isBlockedByPolicy: false,
      ...application,
    };
    this.#applications.push(added);
    return added;
  }

  /** A token for a resource, whoever asked for it. */
  async accessToken(application: Application, resource: string): Promise<string> {
    const token = await this.#issuer.sign({
      ...claimsOf(application, { resource, nowMs: this.#now() }),
      uti: randomUUID(),
    });
    this.tokens.push(token);
    return token;
  }

  close(): Promise<void> {
    return this.#running.close();
  }

  async #serve({ method, path, headers, body }: Received): Promise<Answer> {
    const tenant = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(path)?.[1];
    if (tenant === undefined) return json(404, {});
    if (method !== 'POST') return json(405, {});
    const nowMs = this.#now();
    try {
      const form = isForm(headers['content-type']) ? new URLSearchParams(body) : new URLSearchParams();
      const directory = { tenants: this.#tenants, applications: this.#applications };
      const { application, resource } = await authenticated(form, decodeURIComponent(tenant), {
        directory,
        nowMs,
      });
      const token = await this.accessToken(application, resource);
      return json(200, {
        token_type: 'Bearer',
        expires_in: 3599,
        ext_expires_in: 3599,
        access_token: token,
      });
    } catch (cause) {
      if (cause instanceof Refused) return refusal(cause, nowMs);
      throw cause;
    }
  }

  get #running(): LoopbackServer {
    if (this.#server === undefined) throw new Error('the emulator is not started');
    return this.#server;
  }
}

function isForm(contentType = ''): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(contentType);
}
