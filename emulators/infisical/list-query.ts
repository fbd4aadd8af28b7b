import { isOld, Refused, type Profile } from './answers.js';
import { projectOfList, projectWithSlug } from './projects.js';
import type { Call, Server } from './server.js';
import type { Project } from './store.js';
import { invalid, Query } from './validation.js';

export interface ListQuery {
  project: Project;
  environment: string;
  /** Blanks and one slash at the end are gone. */
  path: string;
  recursive: boolean;
  imports: boolean;
  expand: boolean;
  viewValue: boolean;
  personal: boolean;
  tags: string[];
  metadata: { key: string; value: string }[];
  version: 3 | 4;
}

/** The query of a list or of one secret, with the names and defaults of the version. @throws Refused */
export function listQueryOf(call: Call, server: Server, version: 3 | 4): ListQuery {
  const { profile } = server.options;
  const query = new Query(call.received.query);
  const id = named(query.text(version === 4 ? 'projectId' : 'workspaceId'));
  const slug = version === 4 ? undefined : named(query.text('workspaceSlug'));
  const environment = named(query.text('environment'));
  const path = query.text('secretPath') ?? '/';
  const flags = flagsOf(query, profile, version);
  const filters = isOld(profile) ? { tags: [], metadata: [] } : filtersOf(query);
  query.check();
  if (environment === undefined || (id === undefined && slug === undefined))
    throw missing(profile, { version, hasProject: id !== undefined || slug !== undefined });
  const project = id === undefined ? projectWithSlug(server, slug ?? '') : projectOfList(server, id);
  return { project, environment, path: normalised(path), ...flags, ...filters, version };
}

function flagsOf(
  query: Query,
  profile: Profile,
  version: 3 | 4,
): Pick<ListQuery, 'recursive' | 'imports' | 'expand' | 'viewValue' | 'personal'> {
  const isNew = version === 4 && profile === 'v4-2026';
  return {
    expand: query.flag('expandSecretReferences', isNew),
    recursive: query.flag('recursive', false),
    imports: isNew ? query.flag('includeImports', true) : query.flag('include_imports', false),
    viewValue: isOld(profile) || query.flag('viewSecretValue', true),
    // Version 3 gives a person both the shared and the own value.
    personal: version === 3 || query.flag('includePersonalOverrides', false),
  };
}

/** Filters without a key or a value are passed over (v4/secret-router.ts). */
function filtersOf(query: Query): Pick<ListQuery, 'tags' | 'metadata'> {
  const tags = (query.text('tagSlugs') ?? '').split(',').map((slug) => slug.trim());
  const metadata = (query.text('metadataFilter') ?? '').split('|').flatMap((part) => {
    const { key = '', value = '' } = Object.fromEntries(
      part.split(',').map((pair) => pair.split('=', 2).map((text) => text.trim())),
    ) as { key?: string; value?: string };
    return key === '' || value === '' ? [] : [{ key, value }];
  });
  if (metadata.length > mostMetadata) {
    const message = 'You can only filter by up to 10 metadata fields';
    throw invalid([{ code: 'custom', message, path: ['metadataFilter'] }]);
  }
  return { tags: tags.filter((slug) => slug !== ''), metadata };
}

const mostMetadata = 10;

/** Blanks around do not count, and nothing is none. */
function named(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function missing(
  profile: Profile,
  { version, hasProject }: { version: 3 | 4; hasProject: boolean },
): Refused {
  const today =
    version === 3 && !hasProject
      ? 'You must provide projectSlug or workspaceId'
      : 'Missing project id or environment';
  const message = isOld(profile) ? 'Missing workspace id or environment' : today;
  return new Refused(400, { error: 'BadRequest', message });
}

function normalised(path: string): string {
  const trimmed = path.trim();
  return trimmed.length > 1 ? trimmed.replace(/\/$/, '') : trimmed;
}
