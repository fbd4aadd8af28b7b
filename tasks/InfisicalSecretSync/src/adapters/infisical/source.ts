import { refuseWithheld } from '../../domain/completeness.js';
import { SourceError } from '../../domain/errors.js';
import { SecretValue } from '../../domain/secret-value.js';
import type { ListedImport, ListedSecret, SourceListing } from '../../domain/source.js';
import type { SecretSource } from '../../ports.js';
import type { HttpClient } from '../http/client.js';
import { jsonOf } from '../http/json.js';
import { InfisicalApi } from './api.js';
import type { OidcToken } from '../agent/oidc-token.js';
import type { AzureToken } from '../entra/azure-token.js';
import type { InfisicalConnection } from './connection.js';
import { FolderLists, type Folder, type Listed } from './listing.js';
import { readRefusal } from './read-refusals.js';
import type { Explain } from './refusals.js';
import { isShared, type Row, type SecretList } from './schema.js';
import { InfisicalSession } from './session.js';
import { StoredFolders } from './stored-folders.js';
import { ValueReader } from './value-reader.js';

export interface InfisicalSourceParts {
  connection: InfisicalConnection;
  folder: Folder;
  /** Whether the secrets' tags decide anything; then an answer without tags must not pass for one without tagged secrets. */
  needsTags: boolean;
  http: HttpClient;
  mask: (values: SecretValue[]) => void;
  /** A token of the job for this connection. @throws SyncError */
  oidcToken: () => Promise<OidcToken>;
  /** A token of Entra, with Azure Auth. @throws SyncError */
  azureToken: () => Promise<AzureToken>;
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

  /**
   * Lists what is stored and, beside that, what is there without values: the first leaves out what may not be read. The
   * values that references come to are asked for only where there are references.
   */
  async read(): Promise<SourceListing> {
    const { folder } = this.#parts;
    const lists = await this.#open();
    if (folder.namesOnly === true)
      return this.#listingOf(await lists.read(this.#listed({ view: false, expand: false })));
    const [stored, described] = await bothOf(
      lists.read(this.#listed({ view: true, expand: false })),
      lists.read(this.#listed({ view: false, expand: false })),
    );
    if (lists.isOld) this.#refuseShiftedImports(stored);
    const listing = { ...this.#listingOf(stored), described: this.#listingOf(described) };
    refuseWithheld(listing, folder);
    const folders = new StoredFolders(lists, this.#explain);
    folders.addListed(this.#place, stored, folder);
    const reader = new ValueReader({ folder, folders, resolve: () => this.#resolved(lists) });
    return { ...listing, ...(await reader.read(stored, listing)) };
  }

  signOut(): Promise<void> {
    return this.#session.signOut();
  }

  async #open(): Promise<FolderLists> {
    const token = await this.#session.signIn(this.#explain);
    const { folder } = this.#parts;
    return FolderLists.open({ folder, api: this.#api, token, explain: this.#explain });
  }

  get #place(): { environment: string; path: string } {
    const { environment, secretPath } = this.#parts.folder;
    return { environment, path: secretPath };
  }

  #listed(how: Pick<Listed, 'view' | 'expand'>): Listed {
    const { recursive, includeImports } = this.#parts.folder;
    return { ...this.#place, recursive, includeImports, ...how };
  }

  /** The list with its references resolved; undefined where one leads to what may not be read. */
  async #resolved(lists: FolderLists): Promise<SecretList | undefined> {
    const response = await lists.request(this.#listed({ view: true, expand: true }));
    if (response.status === 200) return lists.parse(response);
    if (response.status === 403 && /Failed to expand/i.test(response.body)) return undefined;
    throw this.#explain(response, readRefusal);
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
      ...this.#session.shown,
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

  #listingOf(list: SecretList): { secrets: ListedSecret[]; imports: ListedImport[] } {
    return {
      secrets: list.secrets.filter(isShared).map((row) => this.#ownSecret(row)),
      imports: (list.imports ?? []).map((entry) => ({
        environment: entry.environment,
        path: entry.secretPath,
        isGone: typeof entry.folderId !== 'string' && entry.secrets.length === 0,
        secrets: entry.secrets.filter(isShared).map((row) => listedSecret(row, entry.secretPath)),
      })),
    };
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

/** Both, or why the first of them failed. */
async function bothOf<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [one, other] = await Promise.allSettled([first, second]);
  if (one.status === 'rejected') throw one.reason;
  if (other.status === 'rejected') throw other.reason;
  return [one.value, other.value];
}
