import type { Received } from '../loopback/loopback-server.js';
import { isOld, isRecorded2026, Refused, type Profile } from './answers.js';
import type { MachineIdentity, Role } from './identities.js';
import type { Limits } from './rate-limiter.js';
import type { Project } from './store.js';
import type { IssuedToken, Tokens } from './tokens.js';
import type { SecretSync } from './secret-syncs.js';
import type { Webhooks } from './webhooks.js';

export interface Options {
  profile: Profile;
  /** Whether describing without reading is refused (`node`) or shows hidden values (`go`). */
  permission: 'node' | 'go';
  /** What becomes of a reference whose target does not exist, on servers of today; as the profile does it unless said. */
  missingRef: 'empty' | 'literal' | undefined;
  basePath: string;
  /** The address that the server believes to have; its own unless said otherwise. */
  siteUrl: string | undefined;
  /** Off unless asked for. */
  rateLimit: boolean | Partial<Limits>;
  /** How long whoever gets a webhook has for an answer. */
  webhookTimeoutMs: number;
  now: () => number;
}

/** What all routes share. */
export interface Server {
  readonly options: Options;
  readonly projects: Project[];
  readonly identities: (MachineIdentity & { id: string; addedAtMs: number; secretUses: number })[];
  readonly tokens: Tokens;
  readonly webhooks: Webhooks;
  readonly syncs: SecretSync[];
  databaseIsDown: boolean;
}

/** Who sends a request, and for which organization. */
export interface Actor {
  identity: MachineIdentity;
  organization: string;
  token?: IssuedToken;
}

/** One request, as a route sees it. */
export interface Call {
  received: Received;
  /** The parts of the path that the route names, decoded. */
  params: Record<string, string>;
  address: string;
  body: unknown;
  /** Undefined on public routes. */
  actor: Actor | undefined;
}

/** The role of whoever calls. @throws Refused when the project is not one of theirs */
export function roleIn(project: Project, { actor }: Call, profile: Profile): Role {
  const role =
    actor?.organization === project.organization ? actor.identity.projects[project.slug] : undefined;
  if (role !== undefined) return role;
  if (isRecorded2026(profile))
    throw new Refused(403, {
      error: 'ProjectMembershipNotFound',
      message: `You are not a member of this project with ID ${project.id}. Please assign this identity to the project with the appropriate permissions, then try again.`,
    });
  const error = isOld(profile)
    ? 'Identity not in project'
    : `Identity is not a member of the specified project with ID '${project.id}'`;
  throw new Refused(403, { error, message: 'You are not allowed to access this resource' });
}
