import type { SecretValue } from '../../domain/secret-value.js';
import type { Attempts, HttpClient } from '../http/client.js';
import type { HttpResponse } from '../http/exchange.js';

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Name or ID; without one the call goes to the organization's URL. */
  project?: string;
  /** Below `_apis/`. */
  path: string;
  query?: Readonly<Record<string, string>>;
  version: string;
  body?: string;
}

/** Requests to one organization or collection, signed in with the job's token. Answers come back as they are. */
export class AzureDevOpsApi {
  readonly #collectionUrl: string;
  readonly #token: SecretValue;
  readonly #http: HttpClient;

  /** `collectionUrl` as the agent gives it: `https://dev.azure.com/org/`, `https://server/tfs/DefaultCollection/`. */
  constructor(collectionUrl: string, token: SecretValue, http: HttpClient) {
    this.#collectionUrl = collectionUrl.replace(/\/*$/, '/');
    this.#token = token;
    this.#http = http;
  }

  /** The organization's or collection's name, as it stands in the names of build identities. */
  get organization(): string {
    const { hostname, pathname } = new URL(this.#collectionUrl);
    return decodeURIComponent(
      pathname.split('/').findLast((part) => part !== '') ?? hostname.split('.')[0] ?? '',
    );
  }

  /** @throws NetworkError */
  call(call: Call, attempts: Attempts): Promise<HttpResponse> {
    const scope = call.project === undefined ? '' : `${encodeURIComponent(call.project)}/`;
    const url = new URL(`${this.#collectionUrl}${scope}_apis/${call.path}`);
    url.search = new URLSearchParams({ ...call.query, 'api-version': call.version }).toString();
    return this.#http.send(
      {
        method: call.method,
        url,
        headers: {
          Accept: 'application/json',
          Authorization: `Bearer ${this.#token.reveal()}`,
          'User-Agent': 'secret-sync-for-infisical',
          // Without it a refusal is a sign-in page with a success status.
          'X-TFS-FedAuthRedirect': 'Suppress',
          ...(call.body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
        },
        ...(call.body === undefined ? {} : { body: call.body }),
      },
      attempts,
    );
  }
}
