import type { Attempts, HttpClient } from '../http/client.js';
import type { HttpResponse } from '../http/exchange.js';
import { pathSegment } from '../http/path-segment.js';
import type { ApiVersion } from './api-version.js';
import type { AzureDevOpsIdentity } from './sign-in/identity.js';

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Name or ID; without one the call goes to the organization's URL. */
  project?: string;
  /** Below `_apis/`. */
  path: string;
  query?: Readonly<Record<string, string>>;
  version: ApiVersion;
  body?: string;
}

/** Requests to one organization or collection, signed in as one identity. Answers come back as they are. */
export class AzureDevOpsApi {
  readonly identity: AzureDevOpsIdentity;
  readonly #collectionUrl: string;
  readonly #http: HttpClient;

  constructor(identity: AzureDevOpsIdentity, http: HttpClient) {
    this.identity = identity;
    // https://dev.azure.com/org/, https://server/tfs/DefaultCollection/
    this.#collectionUrl = identity.collectionUrl.replace(/\/*$/, '/');
    this.#http = http;
  }

  /** Once more with an older version where the server asks for it. @throws NetworkError; SyncError when it can't sign in */
  async call(call: Call, attempts: Attempts): Promise<HttpResponse> {
    const response = await this.#send(call, attempts);
    return call.version.fallBack(response) ? this.#send(call, attempts) : response;
  }

  async #send(call: Call, attempts: Attempts): Promise<HttpResponse> {
    const scope = call.project === undefined ? '' : `${pathSegment(call.project)}/`;
    const url = new URL(`${this.#collectionUrl}${scope}_apis/${call.path}`);
    url.search = new URLSearchParams({ ...call.query, 'api-version': call.version.text }).toString();
    const authorization = await this.identity.authorization();
    return this.#http.send(
      {
        method: call.method,
        url,
        headers: {
          Accept: 'application/json',
          Authorization: authorization.reveal(),
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
