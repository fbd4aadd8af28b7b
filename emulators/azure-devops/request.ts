import type { Answer, Received } from '../loopback/loopback-server.js';
import type { Identity } from './identities.js';
import type { Project } from './projects.js';
import type { Service } from './service.js';
import type { ApiVersion } from './versions.js';

/** A request that found its route, its project and its version, from somebody who is signed in. */
export interface ApiRequest {
  received: Received;
  version: ApiVersion;
  identity: Identity;
  /** The project of a project-scoped URL. */
  project: Project | undefined;
  /** The named parts of the path. */
  params: Readonly<Record<string, string>>;
}

export type ApiHandler = (request: ApiRequest, service: Service) => Answer | Promise<Answer>;
