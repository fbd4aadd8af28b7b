import { LoopbackServer, type Answer, type Logged, type Received } from '../loopback/loopback-server.js';
import type { Application } from './applications.js';
import { json } from './refusals.js';

/** Signs access tokens as Entra does. */
export interface TokenSource {
  accessToken(application: Application, resource: string): Promise<string>;
}

export interface MetadataOptions {
  /** As on virtual machines, or as App Service and its kind have it. */
  kind?: 'virtual machine' | 'platform';
  /** The machine's own; undefined for none. */
  systemAssigned?: Application;
  userAssigned?: Application[];
}

/** What only programs of the same machine know, on App Service. */
const identityHeader = 'canary-identity-header-Kd72';

/** What gives tokens of managed identities on a machine of Azure, at an address of this one. See README.md. */
export class MetadataService {
  readonly #tokens: TokenSource;
  readonly #options: MetadataOptions;
  #server: LoopbackServer | undefined;

  private constructor(tokens: TokenSource, options: MetadataOptions) {
    this.#tokens = tokens;
    this.#options = options;
  }

  static async start(tokens: TokenSource, options: MetadataOptions = {}): Promise<MetadataService> {
    const service = new MetadataService(tokens, options);
    service.#server = await LoopbackServer.start((received) => service.#serve(received));
    return service;
  }

  /** What the platform puts into the environment of every program. */
  get environment(): Record<string, string> {
    const { origin } = this.#running;
    return this.#options.kind === 'platform'
      ? { IDENTITY_ENDPOINT: `${origin}/msi/token`, IDENTITY_HEADER: identityHeader }
      : { AZURE_POD_IDENTITY_AUTHORITY_HOST: origin };
  }

  get requests(): Logged[] {
    return this.#running.requests;
  }

  get faults(): LoopbackServer['faults'] {
    return this.#running.faults;
  }

  close(): Promise<void> {
    return this.#running.close();
  }

  async #serve(received: Received): Promise<Answer> {
    const { kind = 'virtual machine' } = this.#options;
    const query = new URL(received.target, 'http://machine').searchParams;
    const refused = kind === 'platform' ? platformRefusal(received, query) : machineRefusal(received, query);
    if (refused !== undefined) return refused;
    const resource = query.get('resource') ?? '';
    if (resource === '') return invalid("Required query variable 'resource' is missing");
    const found = this.#identity(query.get('client_id'));
    if (typeof found === 'string') return invalid(found);
    if (!/^(?:https:\/\/[a-z]|[0-9a-f-]{36}$)/i.test(resource)) {
      return json(400, {
        error: 'invalid_resource',
        error_description: `AADSTS500011: The resource principal named ${resource} was not found in the tenant.`,
      });
    }
    return json(200, await this.#answer(found, resource));
  }

  async #answer(application: Application, resource: string): Promise<Record<string, string>> {
    const access_token = await this.#tokens.accessToken(application, resource);
    const now = Math.floor(Date.now() / 1000);
    const shared = { access_token, expires_on: String(now + 86_400), resource, token_type: 'Bearer' };
    if (this.#options.kind === 'platform') return { ...shared, client_id: application.id };
    return {
      ...shared,
      client_id: application.id,
      expires_in: '86400',
      ext_expires_in: '86399',
      not_before: String(now),
      refresh_token: '',
    };
  }

  /** Without a client ID the machine's own identity, or the only other one. */
  #identity(clientId: string | null): Application | string {
    const { systemAssigned, userAssigned = [] } = this.#options;
    if (clientId !== null) return userAssigned.find(({ id }) => id === clientId) ?? 'Identity not found';
    const [first, ...others] = systemAssigned === undefined ? userAssigned : [systemAssigned];
    if (others.length > 0) {
      return 'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request';
    }
    return first ?? 'Identity not found';
  }

  get #running(): LoopbackServer {
    if (this.#server === undefined) throw new Error('the service is not started');
    return this.#server;
  }
}

function invalid(description: string): Answer {
  return json(400, { error: 'invalid_request', error_description: description });
}

const machineVersions = ['2018-02-01', '2018-10-01', '2019-08-01', '2021-02-01'];

/** Nothing that was forwarded, and nothing that a browser or a redirect could have sent by mistake. */
function machineRefusal({ method, path, headers }: Received, query: URLSearchParams): Answer | undefined {
  if (path !== '/metadata/identity/oauth2/token') return json(404, { error: 'Not found' });
  if (headers['x-forwarded-for'] !== undefined) return invalid('X-Forwarded-For is not allowed');
  if (String(headers['metadata']).toLowerCase() !== 'true')
    return invalid('Required metadata header not specified');
  if (method !== 'GET') return json(405, { error: 'Method not allowed' });
  if (!machineVersions.includes(query.get('api-version') ?? ''))
    return invalid(`Bad request. api-version is invalid or was not specified in the request.`);
  return undefined;
}

function platformRefusal({ method, path, headers }: Received, query: URLSearchParams): Answer | undefined {
  if (path !== '/msi/token' || method !== 'GET') return json(404, {});
  if (headers['x-identity-header'] !== identityHeader)
    return json(401, { statusCode: 401, message: 'Invalid X-IDENTITY-HEADER' });
  if (query.get('api-version') !== '2019-08-01')
    return json(400, { statusCode: 400, message: 'Unsupported api-version' });
  return undefined;
}
