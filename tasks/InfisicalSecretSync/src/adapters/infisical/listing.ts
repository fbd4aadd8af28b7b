import type { SecretValue } from '../../domain/secret-value.js';
import { readAttempts } from '../http/client.js';
import type { HttpResponse } from '../http/exchange.js';
import { isUnknownRoute, type InfisicalApi } from './api.js';
import { readRefusal } from './read-refusals.js';
import type { Explain } from './refusals.js';
import { Project, SecretList } from './schema.js';

export interface Folder {
  project: { kind: 'id' | 'slug'; text: string };
  environment: string;
  secretPath: string;
  recursive: boolean;
  includeImports: boolean;
  expandSecretReferences: boolean;
}

/** Lists one folder, on servers of today and on those of 2024. */
export class FolderListing {
  readonly #folder: Folder;
  readonly #api: InfisicalApi;
  readonly #token: SecretValue;
  readonly #explain: Explain;

  constructor(parts: { folder: Folder; api: InfisicalApi; token: SecretValue; explain: Explain }) {
    this.#folder = parts.folder;
    this.#api = parts.api;
    this.#token = parts.token;
    this.#explain = parts.explain;
  }

  /** @throws SourceError */
  async read(): Promise<SecretList> {
    const projectId = await this.#resolveProject();
    if (projectId !== undefined) {
      const response = await this.#get('/api/v4/secrets', { ...this.#flags(), projectId });
      if (response.status === 200) return this.#api.parse(response, SecretList, 'secrets');
      if (!isUnknownRoute(response)) throw this.#explain(response, readRefusal);
    }
    return this.#readFromOldServer();
  }

  /** The project's ID, which v4 wants; `undefined` where the server is too old to tell. */
  async #resolveProject(): Promise<string | undefined> {
    const { project } = this.#folder;
    if (project.kind === 'id') return project.text;
    const response = await this.#get(`/api/v1/projects/slug/${encodeURIComponent(project.text)}`, {});
    if (response.status === 200) return this.#api.parse(response, Project, 'a project').id;
    if (isUnknownRoute(response)) return undefined;
    throw this.#explain(response, readRefusal);
  }

  async #readFromOldServer(): Promise<SecretList> {
    const { project } = this.#folder;
    const named: Record<string, string> =
      project.kind === 'id' ? { workspaceId: project.text } : { workspaceSlug: project.text };
    const response = await this.#get('/api/v3/secrets/raw', { ...this.#flags(), ...named });
    if (response.status !== 200) throw this.#explain(response, readRefusal);
    const list = this.#api.parse(response, SecretList, 'secrets');
    if (list.secrets.length === 0) await this.#refuseMistypedPath();
    return list;
  }

  /**
   * Servers of 2024 answer 200 and nothing for a path or environment that does not exist; only the list of imports
   * tells a folder that is empty from one that is not there.
   */
  async #refuseMistypedPath(): Promise<void> {
    const { project, environment, secretPath } = this.#folder;
    const workspaceId = project.kind === 'id' ? project.text : await this.#resolveOnOldServer(project.text);
    const response = await this.#get('/api/v1/secret-imports', {
      workspaceId,
      environment,
      path: secretPath,
    });
    if (response.status === 400 || response.status === 404) throw this.#explain(response, readRefusal);
  }

  async #resolveOnOldServer(slug: string): Promise<string> {
    const response = await this.#get(`/api/v2/workspace/${encodeURIComponent(slug)}`, {});
    if (response.status !== 200) throw this.#explain(response, readRefusal);
    return this.#api.parse(response, Project, 'a project').id;
  }

  /** Every flag is sent, in both spellings: names and defaults changed between versions. */
  #flags(): Record<string, string> {
    const { environment, secretPath, recursive, includeImports, expandSecretReferences } = this.#folder;
    return {
      environment,
      secretPath,
      recursive: String(recursive),
      includeImports: String(includeImports),
      include_imports: String(includeImports),
      expandSecretReferences: String(expandSecretReferences),
      viewSecretValue: 'true',
      includePersonalOverrides: 'false',
    };
  }

  #get(path: string, query: Record<string, string>): Promise<HttpResponse> {
    return this.#api.call({ method: 'GET', path, query, token: this.#token }, readAttempts);
  }
}
