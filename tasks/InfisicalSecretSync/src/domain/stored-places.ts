import { placeText, type Place } from './reference.js';
import type { SecretValue } from './secret-value.js';

/** A folder as it is stored, with nothing resolved. */
export interface StoredFolder {
  /** By name; `hidden` is one whose value may not be read. */
  secrets: ReadonlyMap<string, SecretValue | 'hidden'>;
  /** The folders that it imports, top to bottom; undefined where nobody asked. */
  imports: readonly Place[] | undefined;
}

export type Found = SecretValue | 'missing' | 'unreadable';

/** What is known of the folders of a project, and where one would have to ask. */
export class StoredPlaces {
  readonly #known = new Map<string, StoredFolder | 'missing' | 'unreadable'>();

  add(place: Place, folder: StoredFolder | 'missing' | 'unreadable'): void {
    this.#known.set(placeText(place), folder);
  }

  /** Whether it is known what the folder stores. */
  isKnown(place: Place): boolean {
    return typeof this.#known.get(placeText(place)) === 'object';
  }

  /** The secret of that name in the folder itself; undefined where nobody asked. */
  own(place: Place, key: string): Found | undefined {
    const folder = this.#known.get(placeText(place));
    if (typeof folder !== 'object') return folder;
    const value = folder.secrets.get(key) ?? 'missing';
    return value === 'hidden' ? 'unreadable' : value;
  }

  /** The folders that a folder imports; undefined where nobody asked. */
  imports(place: Place): readonly Place[] | undefined {
    const folder = this.#known.get(placeText(place));
    return typeof folder === 'string' ? [] : folder?.imports;
  }
}
