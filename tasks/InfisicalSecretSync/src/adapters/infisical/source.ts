import { SourceError } from '../../domain/errors.js';
import { SecretValue } from '../../domain/secret-value.js';
import type { ListedSecret, SourceListing } from '../../domain/source.js';
import type { SecretSource } from '../../ports.js';
import type { HttpClient } from '../http/client.js';
import { jsonOf } from '../http/json.js';
import { InfisicalApi } from './api.js';
import type { OidcToken } from '../agent/oidc-token.js';
import type { InfisicalConnection } from './connection.js';
import { readFolder, type Folder } from './listing.js';
import type { Explain } from './refusals.js';
import type { Row, SecretList } from './schema.js';
import { InfisicalSession } from './session.js';

export interface InfisicalSourceParts {
  connection: InfisicalConnection;
  folder: Folder;
  /** Whether the secrets' tags decide anything; then an answer without tags must not pass for one without tagged secrets. */
  needsTags: boolean;
  http: HttpClient;
  mask: (values: SecretValue[]) => void;
  /** A token of the job for this connection. @throws SyncError */
  oidcToken: () => Promise<OidcToken>;
}

/** Reads one folder of Infisical with a machine identity. */
export class InfisicalSource implements SecretSource {
  readonly #parts: InfisicalSourceParts;
  readonly #api: InfisicalApi;
  readonly #session: InfisicalSession;

  constructor(parts: InfisicalSourceParts) {
    this.#parts = parts;
    this.#api = new InfisicalApi(parts.connection, parts.http);
    this.#session = new InfisicalSession(parts.connection, { ...parts, api: this.#api });
  }

  async read(): Promise<SourceListing> {
    const { folder } = this.#parts;
    const token = await this.#session.signIn(this.#explain);
    const list = await readFolder({ folder, api: this.#api, token, explain: this.#explain });
    // Only labels are shifted, and names have no use for them.
    if (folder.namesOnly !== true) this.#refuseShiftedImports(list);
    return {
      secrets: list.secrets.filter(isShared).map((row) => this.#ownSecret(row)),
      imports: (list.imports ?? []).map((entry) => ({
        environment: entry.environment,
        path: entry.secretPath,
        secrets: entry.secrets.filter(isShared).map((row) => listedSecret(row, entry.secretPath)),
      })),
    };
  }

  signOut(): Promise<void> {
    return this.#session.signOut();
  }

  /** Why the server refused; an answer that is not the API's at all is told apart first. */
  readonly #explain: Explain = (response, errorOf) => {
    const isForeign = jsonOf(response) === undefined && response.status < 500 && response.status !== 429;
    if (isForeign) return this.#api.notJson(response);
    const { connection, folder } = this.#parts;
    return errorOf(response, {
      server: this.#api.title,
      project: folder.project.text,
      environment: folder.environment,
      path: folder.secretPath,
      auth: connection.auth.kind,
      ...(connection.organizationSlug === '' ? {} : { organization: connection.organizationSlug }),
      oidc: this.#session.oidc,
    });
  };

  /** On servers of 2024 an import whose source folder was deleted shifts all others: their labels lie then. */
  #refuseShiftedImports({ imports }: SecretList): void {
    const entries = imports ?? [];
    const withFolder = entries.filter(({ folderId }) => typeof folderId === 'string');
    if (withFolder.length === 0 || withFolder.length === entries.length) return;
    throw new SourceError(
      `${this.#api.title} lists imports of which one leads nowhere, and old servers mix the others up then. Delete imports whose source folder is gone, or set includeImports to false.`,
    );
  }

  #ownSecret(row: Row): ListedSecret {
    const { needsTags, folder } = this.#parts;
    if (needsTags && !Array.isArray(row.tags)) {
      throw new SourceError(
        `${this.#api.title} is too old to report tags, so tags and plainTag can’t be honoured. Leave both empty, or update the server.`,
      );
    }
    return listedSecret(row, row.secretPath ?? folder.secretPath);
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
