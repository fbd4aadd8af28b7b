import type { Place } from '../../domain/reference.js';
import type { SecretValue } from '../../domain/secret-value.js';
import { readAttempts } from '../http/client.js';
import type { HttpResponse } from '../http/exchange.js';
import { pathSegment } from '../http/path-segment.js';
import { isUnknownRoute, type InfisicalApi } from './api.js';
import { readRefusal, slugRefusal } from './read-refusals.js';
import type { Explain } from './refusals.js';
import { Project, SecretList } from './schema.js';

export interface Folder {
  project: { kind: 'id' | 'slug'; text: string };
  environment: string;
  secretPath: string;
  recursive: boolean;
  includeImports: boolean;
  expandSecretReferences: boolean;
  /** Asks for no values, which may be read by fewer identities than names. */
  namesOnly?: boolean;
  /** Tag slugs; empty means all secrets. */
  tags: readonly string[];
}

/** How a folder is listed. */
export interface Listed extends Place {
  recursive: boolean;
  includeImports: boolean;
  /** Whether references are resolved; servers since 2026 do that for imported secrets anyway. */
  expand: boolean;
  /** Without values whatever may be described is listed; with them only what may be read. */
  view: boolean;
}

/** Lists folders of one project, on servers of today and on those of 2024. */
export class FolderLists {
  readonly #folder: Folder;
  readonly #api: InfisicalApi;
  readonly #token: SecretValue;
  readonly #explain: Explain;
  /** What v4 wants; undefined where the server is too old to tell, or to know v4. */
  #projectId: string | undefined;

  private constructor(parts: ListParts) {
    this.#folder = parts.folder;
    this.#api = parts.api;
    this.#token = parts.token;
    this.#explain = parts.explain;
  }

  /** @throws SourceError when there is no such project */
  static async open(parts: ListParts): Promise<FolderLists> {
    const lists = new FolderLists(parts);
    lists.#projectId = await projectIdOf({ ...parts, project: parts.folder.project });
    return lists;
  }

  /** Whether the server is too old for v4; known after the first list. */
  get isOld(): boolean {
    return this.#projectId === undefined;
  }

  /** @throws SourceError */
  async read(listed: Listed): Promise<SecretList> {
    const response = await this.request(listed);
    if (response.status !== 200) throw this.#explain(response, readRefusal);
    const list = this.parse(response);
    if (this.isOld && list.secrets.length === 0) await this.#refuseMistypedPath(listed);
    return list;
  }

  /** The answer as it came, for those who can go on without one. */
  async request(listed: Listed): Promise<HttpResponse> {
    const projectId = this.#projectId;
    if (projectId !== undefined) {
      const response = await this.#get('/api/v4/secrets', { ...flags(listed), projectId });
      if (!isUnknownRoute(response)) return response;
      this.#projectId = undefined;
    }
    const { kind, text } = this.#folder.project;
    const named: Record<string, string> = kind === 'id' ? { workspaceId: text } : { workspaceSlug: text };
    return this.#get('/api/v3/secrets/raw', { ...flags(listed), ...named });
  }

  parse(response: HttpResponse): SecretList {
    return this.#api.parse(response, SecretList, 'secrets');
  }

  /**
   * Servers of 2024 answer 200 and nothing for a path or environment that does not exist; only the list of imports
   * tells a folder that is empty from one that is not there.
   */
  async #refuseMistypedPath({ environment, path }: Place): Promise<void> {
    const { project } = this.#folder;
    const workspaceId = project.kind === 'id' ? project.text : await this.#resolveOnOldServer(project.text);
    const response = await this.#get('/api/v1/secret-imports', { workspaceId, environment, path });
    if (response.status === 400 || response.status === 404) throw this.#explain(response, readRefusal);
  }

  async #resolveOnOldServer(slug: string): Promise<string> {
    const response = await this.#get(`/api/v2/workspace/${pathSegment(slug)}`, {});
    if (response.status !== 200) throw this.#explain(response, slugRefusal);
    return this.#api.parse(response, Project, 'a project').id;
  }

  #get(path: string, query: Record<string, string>): Promise<HttpResponse> {
    return this.#api.call({ method: 'GET', path, query, token: this.#token }, readAttempts);
  }
}

export interface ListParts {
  folder: Folder;
  api: InfisicalApi;
  token: SecretValue;
  explain: Explain;
}

/** The project's ID, which newer routes want; undefined where the server is too old to tell. @throws SourceError */
export async function projectIdOf({
  project,
  api,
  token,
  explain,
}: Omit<ListParts, 'folder'> & Pick<Folder, 'project'>): Promise<string | undefined> {
  if (project.kind === 'id') return project.text;
  const path = `/api/v1/projects/slug/${pathSegment(project.text)}`;
  const response = await api.call({ method: 'GET', path, token }, readAttempts);
  if (response.status === 200) return api.parse(response, Project, 'a project').id;
  if (isUnknownRoute(response)) return undefined;
  throw explain(response, slugRefusal);
}

/** Every flag is sent, in both spellings: names and defaults changed between versions. */
function flags({
  environment,
  path,
  recursive,
  includeImports,
  expand,
  view,
}: Listed): Record<string, string> {
  return {
    environment,
    secretPath: path,
    recursive: String(recursive),
    includeImports: String(includeImports),
    include_imports: String(includeImports),
    expandSecretReferences: String(expand),
    viewSecretValue: String(view),
    includePersonalOverrides: 'false',
  };
}
