import { isRecorded2026 } from './answers.js';
import { may, type Place, type Role } from './identities.js';
import { placedImports } from './imports-2024.js';
import type { ListQuery } from './list-query.js';
import { DeniedReference, expanded, type Target, type World } from './references.js';
import type { Row } from './rows.js';
import type { Actor, Server } from './server.js';
import type { Folder, Project } from './store.js';

interface Parts {
  server: Server;
  query: ListQuery;
  role: Role;
  actor: Actor | undefined;
}

/** Resolves references for one request of today's servers. */
export class Expansion {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws DeniedReference */
  own(row: Row): string {
    return expanded(
      this.#secret(row, row.folder),
      this.#world((place, key) => this.#find(place, key)),
    );
  }

  /**
   * A reference that may not be read leaves an imported value as it is (secret-import-fns.ts@0384872a). Recorded: where
   * names resolve relatively, one that neither folder has stays, too.
   */
  imported(row: Row, source: Place): string {
    const find: World['find'] = (place, key) =>
      this.#beforeSource(place, source, key) ?? this.#find(place, key);
    const world = this.#world(find);
    const stays = (place: Place): boolean => this.#isRelative && isSame(place, source);
    try {
      return expanded(this.#secret(row, source), { ...world, stays });
    } catch (cause) {
      if (cause instanceof DeniedReference) return row.value;
      throw cause;
    }
  }

  #secret({ secret, value }: Row, place: Place): Parameters<typeof expanded>[0] {
    return {
      key: secret.key,
      value,
      place: { environment: place.environment, path: place.path },
      skipMultilineEncoding: secret.skipMultilineEncoding,
    };
  }

  #world(find: World['find']): World {
    const { server, role } = this.#parts;
    return {
      find,
      findAcross: (slug, place, key) => this.#findAcross(slug, place, key),
      mayRead: (place, tags) => may(role, 'readValue', place, tags),
      missing: server.options.missingRef ?? (this.#isNewest ? 'empty' : 'literal'),
      dialect: this.#isNewest ? 'newest' : 'older',
    };
  }

  get #isNewest(): boolean {
    return isRecorded2026(this.#parts.server.options.profile);
  }

  /** Recorded of today: references of imported secrets are resolved whatever was asked for. */
  get isOnForImports(): boolean {
    const { expand, viewValue } = this.#parts.query;
    return (expand || this.#isNewest) && viewValue;
  }

  /** Only v4 of 2026 resolves relatively: through the folder's imports, and from the importing folder. */
  get #isRelative(): boolean {
    return this.#parts.query.version === 4 && this.#isNewest;
  }

  /** Whose own values count in place of the shared ones. */
  get #person(): string | undefined {
    const { query, actor } = this.#parts;
    return query.version === 4 && query.personal && actor?.identity.isUser === true
      ? actor.identity.name
      : undefined;
  }

  #beforeSource(place: Place, source: Place, key: string): Target | undefined {
    if (!this.#isRelative || !isSame(place, source)) return undefined;
    const { project, environment, path } = this.#parts.query;
    return targetIn(project.folder(environment, path), key, this.#person);
  }

  #find(place: Place, key: string): Target | undefined {
    const { project } = this.#parts.query;
    const folder = project.folder(place.environment, place.path);
    return (
      targetIn(folder, key, this.#person) ??
      (this.#isRelative ? lastImported(project, folder, key) : undefined)
    );
  }

  #findAcross(slug: string, place: Place, key: string): Target | undefined {
    const { server, query } = this.#parts;
    if (!this.#isNewest) return undefined;
    const folder = server.projects
      .find((project) => project.slug === slug && project.organization === query.project.organization)
      ?.folder(place.environment, place.path);
    return folder?.sharedWith.has(query.project.slug) === true ? targetIn(folder, key) : undefined;
  }
}

function isSame(a: Place, b: Place): boolean {
  return a.environment === b.environment && a.path === b.path;
}

function targetIn(folder: Folder | undefined, key: string, person = ''): Target | undefined {
  const secret = folder?.personal.get(person)?.get(key) ?? folder?.secrets.get(key);
  if (folder === undefined || secret === undefined) return undefined;
  const place = { environment: folder.environment, path: folder.path };
  return { value: secret.value, place, tags: secret.tags };
}

/** Of several imports the last one wins, and what one imports itself comes after its own. */
function lastImported(
  project: Project,
  folder: Folder | undefined,
  key: string,
  seen: ReadonlySet<Folder> = new Set(),
): Target | undefined {
  if (folder === undefined || seen.has(folder)) return undefined;
  return placedImports([folder])
    .reverse()
    .map(({ entry }) => {
      const source = project.folder(entry.environment, entry.path);
      return targetIn(source, key) ?? lastImported(project, source, key, new Set([...seen, folder]));
    })
    .find((target) => target !== undefined);
}
