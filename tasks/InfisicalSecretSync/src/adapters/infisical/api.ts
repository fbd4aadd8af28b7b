import type * as z from 'zod/mini';
import { SourceError } from '../../domain/errors.js';
import { SecretValue } from '../../domain/secret-value.js';
import { quoted } from '../../domain/text.js';
import { awaitAnswer } from '../http/await-answer.js';
import type { Attempts, HttpClient } from '../http/client.js';
import type { HttpRequest, HttpResponse } from '../http/exchange.js';
import { jsonOf, textField } from '../http/json.js';
import type { RequestHeader } from './request-headers.js';

export interface Call {
  method: 'GET' | 'POST';
  /** Below the base URL, for example `/api/v4/secrets`. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: Readonly<Record<string, SecretValue | string>>;
  token?: SecretValue;
}

interface Server {
  baseUrl: string;
  requestHeaders: readonly RequestHeader[];
}

/** Requests to one Infisical server; knows nothing of secrets and folders. */
export class InfisicalApi {
  /** How messages call the server: its address without path and query. */
  readonly title: string;
  readonly #baseUrl: string;
  readonly #headers: readonly RequestHeader[];
  readonly #http: HttpClient;

  constructor({ baseUrl, requestHeaders }: Server, http: HttpClient) {
    this.#baseUrl = baseUrl;
    this.#headers = requestHeaders;
    this.#http = http;
    this.title = `Infisical at ${quoted(new URL(baseUrl).host)}`;
  }

  /** @throws SourceError when no whole answer came */
  call(call: Call, attempts: Attempts): Promise<HttpResponse> {
    return awaitAnswer(() => this.#http.send(this.#requestOf(call), attempts), {
      stopped: 'The step was asked to stop while it read Infisical.',
      otherwise: (why, options) => {
        throw new SourceError(`${this.title} gave no answer: ${why}.`, options);
      },
    });
  }

  /** Reads an answer of 200. @throws SourceError when it is not JSON of the expected shape */
  parse<T extends z.ZodMiniType>(response: HttpResponse, schema: T, what: string): z.infer<T> {
    const json = jsonOf(response);
    if (json === undefined) throw this.notJson(response);
    const parsed = schema.safeParse(json.value);
    if (parsed.success) return parsed.data;
    const places = [...new Set(parsed.error.issues.map(({ path }) => quoted(path.join('.'))))].slice(0, 5);
    throw new SourceError(
      `${this.title} answered with ${what} in a form that this task does not know (at ${places.join(', ')}). Check for a newer version of this extension.`,
    );
  }

  notJson(response: HttpResponse): SourceError {
    const redirect = redirectTarget(response, this.#baseUrl);
    if (redirect !== undefined) {
      return new SourceError(
        `${this.title} redirects to ${redirect}. This task does not follow redirects. Enter the final address in the service connection.`,
      );
    }
    return new SourceError(
      `${this.title} did not answer in JSON (status ${String(response.status)}). Check the Infisical URL of the service connection, with its sub-path if there is one. Check whether a proxy, a gateway or a sign-in page answers instead. If a gateway asks for extra request headers, add them to the service connection.`,
    );
  }

  #requestOf({ method, path, query, body, token }: Call): HttpRequest {
    const url = new URL(`${this.#baseUrl}${path}`);
    url.search = new URLSearchParams(query).toString();
    const plain = Object.entries(body ?? {}).map(([key, value]) => [
      key,
      value instanceof SecretValue ? value.reveal() : value,
    ]);
    return {
      method,
      url,
      headers: {
        ...Object.fromEntries(this.#headers.map(({ name, value }) => [name, value.reveal()])),
        Accept: 'application/json',
        'User-Agent': 'secret-sync-for-infisical',
        ...(token === undefined ? {} : { Authorization: `Bearer ${token.reveal()}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(Object.fromEntries(plain)) }),
    };
  }
}

/**
 * Whether a 404 means that the server does not know the route at all: an older server. Where the backend runs alone it
 * is Fastify's own JSON; the published docker image hands unknown routes to Next.js, which answers with HTML.
 */
export function isUnknownRoute(response: HttpResponse): boolean {
  if (response.status !== 404) return false;
  if (response.headers['x-powered-by'] === 'Next.js') return jsonOf(response) === undefined;
  const body = jsonOf(response)?.value;
  return (
    textField(body, 'error') === 'Not Found' && (textField(body, 'message') ?? '').startsWith('Route GET:')
  );
}

/** In the words of a message, and never more than an origin: the rest may hold anything. */
function redirectTarget(
  { status, headers: { location = '' } }: HttpResponse,
  from: string,
): string | undefined {
  if (status < 300 || status >= 400 || !URL.canParse(location, from) || location === '') return undefined;
  const { origin } = new URL(location, from);
  return origin === new URL(from).origin ? 'another path of the same host' : quoted(origin);
}
