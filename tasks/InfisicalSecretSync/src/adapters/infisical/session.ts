import { SecretValue } from '../../domain/secret-value.js';
import { onceOnly, type Attempts } from '../http/client.js';
import type { InfisicalApi } from './api.js';
import type { InfisicalConnection } from './connection.js';
import { loginRefusal, type Explain } from './refusals.js';
import { Login } from './schema.js';

/** "Later" may be tried again; a login whose answer was lost only once, because wrong secrets are counted. */
const loginAttempts: Attempts = { refused: 5, lost: 2 };

/** Signs a machine identity in and out. */
export class InfisicalSession {
  readonly #auth: InfisicalConnection['auth'];
  readonly #api: InfisicalApi;
  readonly #mask: (values: SecretValue[]) => void;
  #obtained: SecretValue | undefined;

  constructor(auth: InfisicalConnection['auth'], api: InfisicalApi, mask: (values: SecretValue[]) => void) {
    this.#auth = auth;
    this.#api = api;
    this.#mask = mask;
  }

  /** @returns the access token, masked already @throws SourceError */
  async signIn(explain: Explain): Promise<SecretValue> {
    const auth = this.#auth;
    if (auth.kind === 'token') {
      this.#mask([auth.accessToken]);
      return auth.accessToken;
    }
    this.#mask([auth.clientSecret]);
    const body = { clientId: auth.clientId, clientSecret: auth.clientSecret };
    const path = '/api/v1/auth/universal-auth/login';
    const response = await this.#api.call({ method: 'POST', path, body }, loginAttempts);
    if (response.status !== 200) throw explain(response, loginRefusal);
    const token = new SecretValue(this.#api.parse(response, Login, 'a login').accessToken);
    this.#mask([token]);
    this.#obtained = token;
    return token;
  }

  /** Revokes the token that signing in obtained; a Token Auth token is the user's own and stays. Never throws. */
  async signOut(): Promise<void> {
    const token = this.#obtained;
    this.#obtained = undefined;
    if (token === undefined) return;
    const body = { accessToken: token };
    await this.#api
      .call({ method: 'POST', path: '/api/v1/auth/token/revoke', body, token }, onceOnly)
      .catch(() => undefined);
  }
}
