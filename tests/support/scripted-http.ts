import { HttpClient } from '#task/adapters/http/client.js';
import type { HttpRequest, HttpResponse } from '#task/adapters/http/exchange.js';
import { clientOptions } from './builders.js';
import { FakeClock } from './fake-clock.js';

/** Answers requests by a function, with no network: for properties that are tried thousands of times. */
export class ScriptedHttp extends HttpClient {
  readonly #answer: (request: HttpRequest) => HttpResponse;

  constructor(answer: (request: HttpRequest) => HttpResponse) {
    super(clientOptions(new FakeClock()));
    this.#answer = answer;
  }

  override send(request: HttpRequest): Promise<HttpResponse> {
    return Promise.resolve(this.#answer(request));
  }
}
