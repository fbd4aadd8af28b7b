import { SourceError } from '../../domain/errors.js';
import { SecretValue } from '../../domain/secret-value.js';
import type { ListedSecret, SourceListing } from '../../domain/source.js';
import { quoted } from '../../domain/text.js';
import type { SecretSource } from '../../ports.js';
import { onceOnly, readAttempts, type Attempts, type HttpClient } from '../http/client.js';
import type { HttpResponse } from '../http/exchange.js';
import { jsonOf } from '../http/json.js';
import { InfisicalApi, isUnknownRoute } from './api.js';
import type { InfisicalConnection } from './connection.js';
import { loginRefusal, readRefusal, type Refused } from './refusals.js';
import { Login, Project, SecretList, type Row } from './schema.js';

export interface Folder {
  project: { kind: 'id' | 'slug'; text: string };
  environment: string;
  secretPath: string;
  recursive: boolean;
  includeImports: boolean;
  expandSecretReferences: boolean;
  /** Whether the secrets' tags decide anything; then an answer without tags must not pass for one without tagged secrets. */
  needsTags: boolean;
}

/** "Later" may be tried again; a login whose answer was lost only once, because wrong secrets are counted. */
const loginAttempts: Attempts = { refused: 5, lost: 2 };

/** Reads one folder of Infisical with a machine identity. */
export class InfisicalSource implements SecretSource {
  readonly #connection: InfisicalConnection;
  readonly #folder: Folder;
  readonly #api: InfisicalApi;
  readonly #mask: (values: SecretValue[]) => void;
  #token: SecretValue | undefined;

  constructor(parts: {
    connection: InfisicalConnection;
    folder: Folder;
    http: HttpClient;
    mask: (values: SecretValue[]) => void;
  }) {
    this.#connection = parts.connection;
    this.#folder = parts.folder;
    this.#mask = parts.mask;
    this.#api = new InfisicalApi(parts.connection.baseUrl, parts.http);
  }

  async read(): Promise<SourceListing> {
    const token = await this.#signIn();
    const list = await this.#list(token);
    this.#refuseShiftedImports(list);
    return {
      secrets: list.secrets
        .filter(isShared)
        .map((row) => this.#secretOf(row, row.secretPath ?? this.#folder.secretPath)),
      imports: (list.imports ?? []).map((entry) => ({
        environment: entry.environment,
        path: entry.secretPath,
        secrets: entry.secrets.filter(isShared).map((row) => listedSecret(row, entry.secretPath)),
      })),
    };
  }

  async signOut(): Promise<void> {
    const token = this.#token;
    this.#token = undefined;
    // A Token Auth token is the user's own: revoking it would break every pipeline that uses it.
    if (token === undefined || this.#connection.auth.kind === 'token') return;
    const body = { accessToken: token };
    await this.#api
      .call({ method: 'POST', path: '/api/v1/auth/token/revoke', body, token }, onceOnly)
      .catch(() => undefined);
  }

  async #signIn(): Promise<SecretValue> {
    const { auth } = this.#connection;
    if (auth.kind === 'token') {
      this.#mask([auth.accessToken]);
      this.#token = auth.accessToken;
      return auth.accessToken;
    }
    this.#mask([auth.clientSecret]);
    const body = { clientId: auth.clientId, clientSecret: auth.clientSecret };
    const path = '/api/v1/auth/universal-auth/login';
    const response = await this.#api.call({ method: 'POST', path, body }, loginAttempts);
    if (response.status !== 200) throw this.#refused(response, loginRefusal);
    const token = new SecretValue(this.#api.parse(response, Login, 'a login').accessToken);
    this.#mask([token]);
    this.#token = token;
    return token;
  }

  async #list(token: SecretValue): Promise<SecretList> {
    const projectId = await this.#resolveProject(token);
    if (projectId !== undefined) {
      const response = await this.#get('/api/v4/secrets', { ...this.#flags(), projectId }, token);
      if (response.status === 200) return this.#api.parse(response, SecretList, 'secrets');
      if (!isUnknownRoute(response)) throw this.#refused(response, readRefusal);
    }
    return this.#listOnOldServer(token);
  }

  /** The project's ID, which v4 wants; `undefined` where the server is too old to tell. */
  async #resolveProject(token: SecretValue): Promise<string | undefined> {
    const { project } = this.#folder;
    if (project.kind === 'id') return project.text;
    const response = await this.#get(`/api/v1/projects/slug/${encodeURIComponent(project.text)}`, {}, token);
    if (response.status === 200) return this.#api.parse(response, Project, 'a project').id;
    if (isUnknownRoute(response)) return undefined;
    throw this.#refused(response, readRefusal);
  }

  async #listOnOldServer(token: SecretValue): Promise<SecretList> {
    const { project } = this.#folder;
    const named: Record<string, string> =
      project.kind === 'id' ? { workspaceId: project.text } : { workspaceSlug: project.text };
    const response = await this.#get('/api/v3/secrets/raw', { ...this.#flags(), ...named }, token);
    if (response.status !== 200) throw this.#refused(response, readRefusal);
    const list = this.#api.parse(response, SecretList, 'secrets');
    if (list.secrets.length === 0) await this.#refuseMistypedPath(token);
    return list;
  }

  /**
   * Servers of 2024 answer 200 and nothing for a path or environment that does not exist; only the list of imports
   * tells a folder that is empty from one that is not there.
   */
  async #refuseMistypedPath(token: SecretValue): Promise<void> {
    const { project, environment, secretPath } = this.#folder;
    const workspaceId =
      project.kind === 'id' ? project.text : await this.#resolveOnOldServer(project.text, token);
    const query = { workspaceId, environment, path: secretPath };
    const response = await this.#get('/api/v1/secret-imports', query, token);
    if (response.status === 400 || response.status === 404) throw this.#refused(response, readRefusal);
  }

  async #resolveOnOldServer(slug: string, token: SecretValue): Promise<string> {
    const response = await this.#get(`/api/v2/workspace/${encodeURIComponent(slug)}`, {}, token);
    if (response.status !== 200) throw this.#refused(response, readRefusal);
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

  #get(path: string, query: Record<string, string>, token: SecretValue): Promise<HttpResponse> {
    return this.#api.call({ method: 'GET', path, query, token }, readAttempts);
  }

  #refused(response: HttpResponse, refusal: typeof readRefusal): SourceError {
    if (jsonOf(response) === undefined && response.status < 500 && response.status !== 429) {
      return this.#api.notJson(response);
    }
    const { project, environment, secretPath } = this.#folder;
    const about: Refused = {
      server: this.#api.title,
      project: quoted(project.text),
      environment: quoted(environment),
      path: quoted(secretPath),
      auth: this.#connection.auth.kind,
    };
    return refusal(response, about);
  }

  /** On servers of 2024 an import whose source folder was deleted shifts all others: their labels lie then. */
  #refuseShiftedImports({ imports }: SecretList): void {
    const entries = imports ?? [];
    const withFolder = entries.filter(({ folderId }) => typeof folderId === 'string');
    if (withFolder.length === 0 || withFolder.length === entries.length) return;
    throw new SourceError(
      `${this.#api.title} lists imports of which one leads nowhere, and old servers mix the others up then. Delete imports whose source folder is gone, or set includeImports to false.`,
    );
  }

  #secretOf(row: Row, path: string): ListedSecret {
    if (this.#folder.needsTags && !Array.isArray(row.tags)) {
      throw new SourceError(
        `${this.#api.title} is too old to report tags, so tags and plainTag can’t be honoured. Leave both empty, or update the server.`,
      );
    }
    return listedSecret(row, path);
  }
}

function listedSecret(row: Row, path: string): ListedSecret {
  return {
    key: row.secretKey,
    value: new SecretValue(row.secretValue),
    path,
    hidden: row.secretValueHidden ?? false,
    ...(Array.isArray(row.tags) ? { tags: row.tags.map(({ slug }) => slug) } : {}),
  };
}

/** Personal secrets exist only for people, whose tokens a connection should not hold; a sync takes the shared ones. */
function isShared({ type }: Row): boolean {
  return type !== 'personal';
}
