import type { Answer, Received } from '../loopback/loopback-server.js';
import { addressOf } from './addresses.js';
import { failure, isOld, notModified, Refused } from './answers.js';
import { actorOf } from './bearer.js';
import { bodyOf } from './bodies.js';
import { RateLimiter } from './rate-limiter.js';
import { findRoute, routesOf, type Route } from './routes.js';
import type { Actor, Server } from './server.js';
import { dressed, preflight, unknownRoute, webInterface } from './web-interface.js';

/**
 * What every request goes through, in the recorded order: the route, the token (even where none is needed), the rate
 * limit, the body. So a 404 needs no token, and a refused token is not counted.
 */
export class Pipeline {
  readonly #server: Server;
  readonly #routes: readonly Route[];
  readonly #limiter: RateLimiter | undefined;

  constructor(server: Server) {
    const { profile, rateLimit } = server.options;
    this.#server = server;
    this.#routes = routesOf(profile);
    this.#limiter = rateLimit === false ? undefined : new RateLimiter(profile, rateLimit);
  }

  async answer(received: Received, ownUrl: string): Promise<Answer> {
    const { options } = this.#server;
    const siteUrl = options.siteUrl ?? ownUrl;
    if (received.method === 'OPTIONS') return preflight(siteUrl);
    const answer = await this.#routed(received);
    return dressed(notModified(answer, received.headers['if-none-match']), {
      siteUrl,
      profile: options.profile,
    });
  }

  async #routed(received: Received): Promise<Answer> {
    const { profile, basePath } = this.#server.options;
    if (!received.path.startsWith(`${basePath}/api/`)) return webInterface(profile, received);
    const inner = { ...received, target: received.target.slice(basePath.length) };
    const path = received.path.slice(basePath.length).replace(/(.)\/$/, '$1');
    const found = findRoute(this.#routes, received.method, path);
    if (found === undefined) return unknownRoute(profile, inner);
    const counted: { headers: Record<string, string> } = { headers: {} };
    const answer = await this.#refusable(() => this.#run(inner, found, counted));
    return { ...answer, headers: { ...answer.headers, ...counted.headers } };
  }

  async #refusable(run: () => Promise<Answer>): Promise<Answer> {
    try {
      return await run();
    } catch (cause) {
      if (cause instanceof Refused) return failure(this.#server.options.profile, cause.status, cause.failure);
      throw cause;
    }
  }

  async #run(
    received: Received,
    { route, params }: { route: Route; params: Record<string, string> },
    counted: { headers: Record<string, string> },
  ): Promise<Answer> {
    const { profile, now } = this.#server.options;
    const address = addressOf(received);
    const actor = await actorOf(this.#server, received.headers.authorization, address);
    if (route.who !== 'anybody') refuse(route, actor, isOld(profile));
    const identity = actor === undefined ? {} : { identity: actor.identity.name };
    if (this.#limiter !== undefined && route.kind !== undefined) {
      const count = { route: `${route.method} ${route.path}`, kind: route.kind };
      const { headers, later } = this.#limiter.count(address, count, now());
      counted.headers = headers;
      if (later !== undefined) return { ...later, ...identity };
    }
    const answer = await this.#refusable(async () =>
      route.handle({ received, params, address, actor, body: bodyOf(received, profile) }, this.#server),
    );
    return { ...identity, ...answer };
  }
}

/** @throws Refused when there is no token, or one that the route does not take */
function refuse(route: Route, actor: Actor | undefined, isOldServer: boolean): void {
  if (actor === undefined) {
    throw isOldServer
      ? new Refused(403, { error: 'Unauthorized access', message: 'Token missing' })
      : new Refused(401, { error: 'UnauthorizedError', message: 'Token missing' });
  }
  if (route.who !== 'people' || actor.identity.isUser === true) return;
  const error = isOldServer ? `${route.path} Unauthorized Access` : `Forbidden access to ${route.path}`;
  throw new Refused(403, { error, message: 'You are not allowed to access this resource' });
}
