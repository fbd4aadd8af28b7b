import { SourceError } from '../../domain/errors.js';
import { SecretValue } from '../../domain/secret-value.js';
import type { OidcToken } from '../agent/oidc-token.js';
import { tokenProblem } from '../http/bearer.js';
import type { AzureToken } from '../entra/azure-token.js';
import { onceOnly, type Attempts } from '../http/client.js';
import type { InfisicalApi } from './api.js';
import type { InfisicalConnection } from './connection.js';
import { loginRefusal } from './login-refusals.js';
import type { Explain, RefusedRequest } from './refusals.js';
import { Login } from './schema.js';

/** "Later" may be tried again; a login whose answer was lost only once, because wrong secrets are counted. */
const loginAttempts: Attempts = { refused: 5, lost: 2 };

export interface SessionParts {
  api: InfisicalApi;
  mask: (values: SecretValue[]) => void;
  oidcToken: () => Promise<OidcToken>;
  /** Asked for with Azure Auth only. */
  azureToken: () => Promise<AzureToken>;
}

interface LoginRequest {
  path: string;
  body: Record<string, SecretValue | string>;
}

/** Signs a machine identity in and out. */
export class InfisicalSession {
  readonly #connection: Pick<InfisicalConnection, 'auth' | 'organizationSlug'>;
  readonly #parts: SessionParts;
  #obtained: SecretValue | undefined;
  #shown: Pick<RefusedRequest, 'oidc' | 'azure'> = {};

  constructor(connection: Pick<InfisicalConnection, 'auth' | 'organizationSlug'>, parts: SessionParts) {
    this.#connection = connection;
    this.#parts = parts;
  }

  /** What was shown to sign in, for the messages. */
  get shown(): Pick<RefusedRequest, 'oidc' | 'azure'> {
    return this.#shown;
  }

  /** Once, however often it is called. @returns the access token, masked already @throws SyncError */
  async signIn(explain: Explain): Promise<SecretValue> {
    if (this.#obtained !== undefined) return this.#obtained;
    const { api, mask } = this.#parts;
    const { auth } = this.#connection;
    if (auth.kind === 'token') {
      mask([auth.accessToken]);
      return auth.accessToken;
    }
    const { path, body } = await this.#loginRequest(auth);
    const response = await api.call({ method: 'POST', path, body }, loginAttempts);
    if (response.status !== 200) throw explain(response, loginRefusal);
    const token = new SecretValue(api.parse(response, Login, 'a login').accessToken);
    const problem = tokenProblem(token);
    if (problem !== undefined)
      throw new SourceError(
        `${api.title} answered the login with an access token that ${problem}. Check the Infisical URL of the service connection.`,
      );
    mask([token]);
    this.#obtained = token;
    return token;
  }

  /** Revokes the token that signing in obtained; a Token Auth token is the user's own and stays. Never throws. */
  async signOut(): Promise<void> {
    const token = this.#obtained;
    this.#obtained = undefined;
    if (token === undefined) return;
    // In the body alone: a token that is used up is refused as a bearer, and could not be revoked.
    const body = { accessToken: token };
    await this.#parts.api
      .call({ method: 'POST', path: '/api/v1/auth/token/revoke', body }, onceOnly)
      .catch(() => undefined);
  }

  async #loginRequest(auth: Exclude<InfisicalConnection['auth'], { kind: 'token' }>): Promise<LoginRequest> {
    const { organizationSlug } = this.#connection;
    const organization = organizationSlug === '' ? {} : { organizationSlug };
    if (auth.kind === 'universal') {
      const { clientId, clientSecret } = auth;
      this.#parts.mask([clientSecret]);
      return { path: '/api/v1/auth/universal-auth/login', body: { clientId, clientSecret, ...organization } };
    }
    const login = (name: string, { jwt }: OidcToken | AzureToken): LoginRequest => ({
      path: `/api/v1/auth/${name}/login`,
      body: { identityId: auth.identityId, jwt, ...organization },
    });
    if (auth.kind === 'azure') {
      const azure = await this.#parts.azureToken();
      this.#shown = { azure };
      return login('azure-auth', azure);
    }
    const oidc = await this.#parts.oidcToken();
    this.#shown = { oidc };
    return login('oidc-auth', oidc);
  }
}
