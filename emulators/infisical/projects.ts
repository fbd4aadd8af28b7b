import { isOld, isRecorded2026, json, Refused } from './answers.js';
import type { Answer } from '../loopback/loopback-server.js';
import { roleIn, type Call, type Server } from './server.js';
import type { Project } from './store.js';
import { invalid } from './validation.js';

/** The project that a request names. @throws Refused */
export function projectWithId(server: Server, id: string): Project {
  const project = server.projects.find((candidate) => candidate.id === id);
  if (project !== undefined) return project;
  if (isOld(server.options.profile))
    throw new Refused(400, { error: 'BadRequest', message: 'Project not found during bot lookup.' });
  throw new Refused(404, { error: 'NotFound', message: `Project with ID '${id}' not found` });
}

/** The project of a list; today it is looked for by the project's bot. @throws Refused */
export function projectOfList(server: Server, id: string): Project {
  const isKnown = server.projects.some((candidate) => candidate.id === id);
  if (isKnown || !isRecorded2026(server.options.profile)) return projectWithId(server, id);
  const message = `Project with ID '${id}' not found during bot lookup. Are you sure you are using the correct project ID?`;
  throw new Refused(404, { error: 'NotFound', message });
}

/** @throws Refused */
export function projectWithSlug(server: Server, slug: string): Project {
  const project = server.projects.find((candidate) => candidate.slug === slug);
  if (project !== undefined) return project;
  if (isOld(server.options.profile))
    throw new Refused(500, { error: 'Failed to find project by slug', message: 'Something went wrong' });
  throw new Refused(404, { error: 'NotFound', message: `No project found with slug ${slug}` });
}

export function listProjects({ actor }: Call, server: Server): Project[] {
  return server.projects.filter(
    ({ slug, organization }) =>
      actor?.organization === organization && actor.identity.projects[slug] !== undefined,
  );
}

type Shape = 'projects' | 'workspaces' | 'project' | 'workspace' | 'bare';

/** The routes that list projects or show one; names changed from workspaces to projects. */
export function projectsAs(shape: 'projects' | 'workspaces') {
  return (call: Call, server: Server): Answer =>
    json(200, { [shape]: listProjects(call, server).map((project) => shown(project, server)) });
}

export function projectAs(shape: Exclude<Shape, 'projects' | 'workspaces'>, by: 'id' | 'slug') {
  return (call: Call, server: Server): Answer => {
    const text = call.params[by] ?? '';
    const project = by === 'id' ? shownById(server, text) : shownBySlug(server, text);
    roleIn(project, call, server.options.profile);
    const view = shown(project, server);
    if (isRecorded2026(server.options.profile) && call.received.path.startsWith('/api/v2/')) {
      // Recorded: the old route has a field more, and one less.
      return json(200, { ...view, deletedEnvironments: undefined, kmsSecretManagerKeyId: null });
    }
    return json(200, shape === 'bare' ? view : { [shape]: view });
  };
}

/** By its route an unknown ID was a 500 in 2024, as an unknown slug. */
function shownById(server: Server, id: string): Project {
  const isKnown = server.projects.some((project) => project.id === id);
  if (isKnown || !isOld(server.options.profile)) return projectWithId(server, id);
  throw new Refused(500, { error: 'Find by id', message: 'Something went wrong' });
}

/** Recorded of today: a slug is checked by its letters, and called by another name than in a list. */
function shownBySlug(server: Server, slug: string): Project {
  if (!isRecorded2026(server.options.profile)) return projectWithSlug(server, slug);
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(slug)) {
    const message = 'Slug field can only contain lowercase letters, numbers, and hyphens';
    throw invalid([{ code: 'custom', message, path: ['slug'] }]);
  }
  const project = server.projects.find((candidate) => candidate.slug === slug);
  if (project !== undefined) return project;
  throw new Refused(404, { error: 'NotFound', message: `Project with slug '${slug}' not found` });
}

/** What a project shows beside its name and environments, in the recorded order. */
function settingsOf2026({ slug, organization, createdAtMs, updatedAtMs }: Project): Record<string, unknown> {
  return {
    description: null,
    type: 'secret-manager',
    defaultProduct: null,
    slug,
    autoCapitalization: false,
    orgId: organization,
    createdAt: new Date(createdAtMs).toISOString(),
    updatedAt: new Date(updatedAtMs).toISOString(),
    version: 3,
    upgradeStatus: null,
    pitVersionLimit: 10,
    kmsCertificateKeyId: null,
    auditLogsRetentionDays: null,
    hasDeleteProtection: false,
    secretSharing: true,
    showSnapshotsLegacy: false,
    secretDetectionIgnoreValues: null,
    enforceEncryptedSecretManagerSecretMetadata: null,
  };
}

function shown(project: Project, server: Server): Record<string, unknown> {
  const { id, name, slug, organization, environments } = project;
  const createdAt = new Date(project.createdAtMs).toISOString();
  const updatedAt = new Date(project.updatedAtMs).toISOString();
  const shownEnvironments = environments.map((environment) => ({
    name: environment.name,
    slug: environment.slug,
    id: environment.id,
  }));
  if (isRecorded2026(server.options.profile))
    return {
      id,
      name,
      ...settingsOf2026(project),
      _id: id,
      environments: shownEnvironments,
      deletedEnvironments: [],
    };
  const settings = isOld(server.options.profile)
    ? {
        autoCapitalization: true,
        orgId: organization,
        createdAt,
        updatedAt: createdAt,
        version: 2,
        upgradeStatus: null,
        pitVersionLimit: 10,
        kmsCertificateKeyId: null,
        auditLogsRetentionDays: null,
        kmsSecretManagerKeyId: null,
      }
    : { type: 'secret-manager', orgId: organization, createdAt, updatedAt };
  return { id, name, slug, ...settings, _id: id, environments: shownEnvironments };
}
