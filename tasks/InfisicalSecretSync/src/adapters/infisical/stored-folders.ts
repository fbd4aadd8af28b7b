import { SourceError } from '../../domain/errors.js';
import { canBe, placeText, type Place } from '../../domain/reference.js';
import { SecretValue } from '../../domain/secret-value.js';
import { StoredPlaces } from '../../domain/stored-places.js';
import { counted } from '../../domain/text.js';
import type { FolderLists } from './listing.js';
import { readRefusal } from './read-refusals.js';
import type { Explain } from './refusals.js';
import { isShared, type ImportEntry, type Row, type SecretList } from './schema.js';

/** Whoever may write secrets could make one run ask for any number of folders. */
const mostFolders = 200;
const atOnce = 8;

/** The stored texts of the folders that imports and references lead to, each asked for once. */
export class StoredFolders {
  readonly places = new StoredPlaces();
  readonly #lists: FolderLists;
  readonly #explain: Explain;
  readonly #asked = new Set<string>();
  readonly #byId = new Map<string, SecretValue>();

  constructor(lists: FolderLists, explain: Explain) {
    this.#lists = lists;
    this.#explain = explain;
  }

  /** What the folder that is synced stores; imports of its subfolders are not told apart. */
  addListed(listed: Place, list: SecretList, { recursive }: { recursive: boolean }): void {
    const byPath = new Map<string, Row[]>([[listed.path, []]]);
    for (const row of list.secrets.filter(isShared)) {
      const path = recursive ? tidy(row.secretPath ?? listed.path) : listed.path;
      const rows = byPath.get(path);
      if (rows === undefined) byPath.set(path, [row]);
      else rows.push(row);
    }
    for (const [path, rows] of byPath) this.#add({ environment: listed.environment, path }, rows, undefined);
  }

  /** The stored text of a secret that came through an import, once its folder was asked. */
  readonly textOf = ({ id }: Row): SecretValue | undefined =>
    id === undefined ? undefined : this.#byId.get(id);

  /** Asks for those that nobody asked for yet. @throws SourceError */
  async read(places: readonly Place[]): Promise<void> {
    const asked = [...new Map(places.map((place) => [placeText(place), place])).values()].filter(
      (place) => !this.#asked.has(placeText(place)),
    );
    for (const place of asked) this.#asked.add(placeText(place));
    if (this.#asked.size > mostFolders) {
      throw new SourceError(
        `Imports and references lead to more than ${counted(mostFolders, 'folder')}. Sync fewer secrets at once, or set includeImports or expandSecretReferences to false.`,
      );
    }
    for (let next = 0; next < asked.length; next += atOnce)
      await Promise.all(asked.slice(next, next + atOnce).map((place) => this.#readOne(place)));
  }

  async #readOne(place: Place): Promise<void> {
    if (!canBe(place)) {
      this.places.add(place, 'missing');
      return;
    }
    const flags = { recursive: false, includeImports: true, expand: false, view: true };
    const response = await this.#lists.request({ ...place, ...flags });
    if (response.status === 200) {
      const list = this.#lists.parse(response);
      this.#add(place, list.secrets.filter(isShared), list.imports ?? []);
    } else if (response.status === 404) this.places.add(place, 'missing');
    else if (response.status === 401 || response.status === 403) this.places.add(place, 'unreadable');
    else throw this.#explain(response, readRefusal);
  }

  #add(place: Place, rows: readonly Row[], imports: readonly ImportEntry[] | undefined): void {
    const secrets = new Map<string, SecretValue | 'hidden'>();
    for (const row of rows) {
      const value = new SecretValue(row.secretValue);
      secrets.set(row.secretKey, row.secretValueHidden === true ? 'hidden' : value);
      if (row.id !== undefined) this.#byId.set(row.id, value);
    }
    this.places.add(place, {
      secrets,
      imports: imports?.map(({ environment, secretPath }) => ({ environment, path: tidy(secretPath) })),
    });
  }
}

export function tidy(path: string): string {
  return `/${path.split('/').filter(Boolean).join('/')}`;
}
