import { refuseWithheld } from '../../domain/completeness.js';
import { SourceError } from '../../domain/errors.js';
import { SecretValue } from '../../domain/secret-value.js';
import type {
  DescribedListing,
  DescribedSecret,
  ListedImport,
  ListedSecret,
  SourceListing,
} from '../../domain/source.js';
import type { SecretSource } from '../../ports.js';
import type { InfisicalApi } from './api.js';
import type { InfisicalConnection } from './connection.js';
import { explaining } from './explain.js';
import { FolderLists, type Folder, type Listed } from './listing.js';
import { readRefusal } from './read-refusals.js';
import type { Explain } from './refusals.js';
import { isShared, type Row, type SecretList } from './schema.js';
import type { InfisicalSession } from './session.js';
import { StoredFolders } from './stored-folders.js';
import { ValueReader } from './value-reader.js';

export interface InfisicalSourceParts {
  connection: InfisicalConnection;
  api: InfisicalApi;
  session: InfisicalSession;
  folder: Folder;
  /** Whether the secrets' tags decide anything; then an answer without tags must not pass for one without tagged secrets. */
  needsTags: boolean;
}

/** Reads one folder of Infisical with a machine identity. */
export class InfisicalSource implements SecretSource {
  readonly #parts: InfisicalSourceParts;
  readonly #api: InfisicalApi;
  readonly #session: InfisicalSession;
  readonly #explain: Explain;

  constructor(parts: InfisicalSourceParts) {
    const { api, session, folder } = parts;
    this.#parts = parts;
    this.#api = api;
    this.#session = session;
    const { environment, secretPath: path } = folder;
    this.#explain = explaining({ ...parts, about: { project: folder.project.text, environment, path } });
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
      lists.read(this.#listed({ view: false, expand: false })).then((list) => this.#describedIn(list)),
    );
    if (lists.isOld) this.#refuseShiftedImports(stored);
    const listing = this.#listingOf(stored);
    refuseWithheld(listing, described, folder);
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

  /** On servers of 2024 an import whose source folder was deleted shifts all others: their labels lie then. */
  #refuseShiftedImports({ imports }: SecretList): void {
    const entries = imports ?? [];
    const withFolder = entries.filter(({ folderId }) => typeof folderId === 'string');
    if (withFolder.length === 0 || withFolder.length === entries.length) return;
    throw new SourceError(
      `${this.#api.title} lists an import whose source folder is gone. Servers of this age then mix up the other imports. Delete that import, or set includeImports to false.`,
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

  /** Names alone, so that the answer they came in can be let go. */
  #describedIn({ secrets, imports }: SecretList): DescribedListing {
    const { secretPath } = this.#parts.folder;
    return {
      secrets: secrets.filter(isShared).map((row) => describedSecret(row, row.secretPath ?? secretPath)),
      imports: (imports ?? []).map((entry) => ({
        environment: entry.environment,
        path: entry.secretPath,
        secrets: entry.secrets.filter(isShared).map((row) => describedSecret(row, entry.secretPath)),
      })),
    };
  }

  #ownSecret(row: Row): ListedSecret {
    const { needsTags, folder } = this.#parts;
    if (needsTags && !Array.isArray(row.tags)) {
      throw new SourceError(
        `${this.#api.title} is too old to report tags, so this task can’t apply tags and plainTag. Leave both empty, or update the server.`,
      );
    }
    return listedSecret(row, row.secretPath ?? folder.secretPath);
  }
}

function listedSecret(row: Row, path: string): ListedSecret {
  const secret: ListedSecret = {
    key: row.secretKey,
    value: new SecretValue(row.secretValue),
    path,
    hidden: row.secretValueHidden ?? false,
  };
  if (row.isHoneyTokenSecret === true) secret.isHoneyToken = true;
  return tagged(secret, row);
}

function describedSecret(row: Row, path: string): DescribedSecret {
  return tagged({ key: row.secretKey, path }, row);
}

function tagged<T extends DescribedSecret>(secret: T, { tags }: Row): T {
  if (Array.isArray(tags)) secret.tags = tags.map(({ slug }) => slug);
  return secret;
}

/** Both, or why the first of them failed. */
async function bothOf<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [one, other] = await Promise.allSettled([first, second]);
  if (one.status === 'rejected') throw one.reason;
  if (other.status === 'rejected') throw other.reason;
  return [one.value, other.value];
}
