import type { HttpResponse } from '../http/exchange.js';
import { typeKeyOf } from './refusals.js';

/** The `api-version` of one route: that of today's services, until a server says that it is too old for it. */
export class ApiVersion {
  #text: string;
  readonly #old: string;

  /** @param old nothing where only today's services know the route */
  constructor(current: string, old = current) {
    this.#text = current;
    this.#old = old;
  }

  get text(): string {
    return this.#text;
  }

  get isOld(): boolean {
    return this.#text === this.#old;
  }

  /** Goes back to the old version where the answer asks for it, from now on. @returns whether it did */
  fallBack(response: HttpResponse): boolean {
    if (this.isOld || !isOutOfRange(response)) return false;
    this.#text = this.#old;
    return true;
  }
}

/** Whether the server is too old for the version of the request. */
function isOutOfRange(response: HttpResponse): boolean {
  return response.status === 400 && typeKeyOf(response) === 'VssVersionOutOfRangeException';
}
