import { placeText, type Place } from '../../domain/reference.js';
import { refuseFaulty, type FaultyRow } from '../../domain/reference-faults.js';
import { hasReference, judged, type ResolvedRow, type Verdict } from '../../domain/reference-values.js';
import { SecretValue } from '../../domain/secret-value.js';
import type { ListedImport, ListedSecret, SourceListing } from '../../domain/source.js';
import { quotedList } from '../../domain/text.js';
import type { Folder } from './listing.js';
import { isShared, type ImportEntry, type Row, type SecretList } from './schema.js';
import { tidy, type StoredFolders } from './stored-folders.js';

export interface ValueReaderParts {
  folder: Folder;
  folders: StoredFolders;
  /** The list with its references resolved; undefined where Infisical refuses to give it. */
  resolve: () => Promise<SecretList | undefined>;
}

type Listing = Pick<SourceListing, 'secrets' | 'imports'>;

/** A listed row on its way to its value. */
interface Pending {
  row: Row;
  /** How messages call where it is. */
  origin: string;
  place: Place;
  /** Undefined for an own secret. */
  entry: ImportEntry | undefined;
  stored: SecretValue;
}

/** Finds the value of each listed secret: its stored text, or what the references in that come to. */
export class ValueReader {
  readonly #parts: ValueReaderParts;
  readonly #values = new Map<Row, SecretValue>();
  #resolved: Promise<SecretList | undefined> | undefined;
  readonly #unchecked: string[] = [];
  /** Imported rows that are no longer where they came from. */
  readonly #changed: Pick<Pending, 'row' | 'origin'>[] = [];

  constructor(parts: ValueReaderParts) {
    this.#parts = parts;
  }

  /** @throws SourceError for references that come to nothing */
  async read(list: SecretList, listing: Listing): Promise<Listing & { notices: string[] }> {
    const own = this.#ownRows(list);
    const referring = own.filter(({ stored }) => this.#needsResolving(stored));
    if (referring.length > 0) void this.#askResolved();
    const imported = await this.#importedRows(list);
    refuseFaulty(this.#changed.map((one) => faultyRow(one, changed)));
    for (const { row, stored } of imported) this.#values.set(row, stored);
    referring.push(...imported.filter(({ stored }) => this.#needsResolving(stored)));
    if (referring.length > 0) await this.#settle(referring);
    return {
      secrets: this.#withValues(list.secrets, listing.secrets),
      imports: listing.imports.map((entry, index): ListedImport => ({
        ...entry,
        secrets: this.#withValues(list.imports?.[index]?.secrets ?? [], entry.secrets),
      })),
      notices: this.#notices(),
    };
  }

  #needsResolving(stored: SecretValue): boolean {
    return this.#parts.folder.expandSecretReferences && hasReference(stored);
  }

  #askResolved(): Promise<SecretList | undefined> {
    this.#resolved ??= this.#parts.resolve();
    // Whoever awaits it hears of a refusal; others may be refused first.
    this.#resolved.catch(() => undefined);
    return this.#resolved;
  }

  #ownRows(list: SecretList): Pending[] {
    const { environment, secretPath, tags } = this.#parts.folder;
    const isTaken = (row: Row): boolean =>
      tags.length === 0 || row.tags?.some(({ slug }) => tags.includes(slug)) === true;
    return list.secrets
      .filter((row) => isShared(row) && isTaken(row))
      .map((row) => {
        const path = tidy(row.secretPath ?? secretPath);
        return {
          row,
          origin: path,
          place: { environment, path },
          entry: undefined,
          stored: new SecretValue(row.secretValue),
        };
      });
  }

  /** Imported secrets may come resolved, unasked; so their own folders are asked for what they store. */
  async #importedRows(list: SecretList): Promise<Pending[]> {
    const { folders, folder } = this.#parts;
    if (folder.tags.length > 0) return [];
    const taken = takenEntries(list, folder.recursive);
    const sources = taken.map(({ entry }) => placeOf(entry));
    await folders.read(sources);
    const deeper = taken.filter(({ rows }) => rows.some((row) => folders.textOf(row) === undefined));
    await folders.read(deeper.flatMap(({ entry }) => folders.places.imports(placeOf(entry)) ?? []));
    return taken.flatMap(({ entry, rows }) => rows.map((row) => this.#imported(entry, row)));
  }

  /** Where a folder does not show what it stores, as one of another project, the value that came has to do. */
  #imported(entry: ImportEntry, row: Row): Pending {
    const { places, textOf } = this.#parts.folders;
    const place = placeOf(entry);
    const stored = textOf(row);
    const pending = { row, origin: placeText(place), place, entry };
    if (stored !== undefined) return { ...pending, stored };
    if ([place, ...(places.imports(place) ?? [])].every((source) => places.isKnown(source)))
      this.#changed.push(pending);
    else this.#unchecked.push(row.secretKey);
    return { ...pending, stored: new SecretValue(row.secretValue) };
  }

  /** Judges each row, and asks the folders that decide it, until nothing is left open. */
  async #settle(pending: readonly Pending[]): Promise<void> {
    const { folders } = this.#parts;
    const list = await this.#askResolved();
    const resolved = list === undefined ? undefined : valuesOf(list);
    const rows = pending.map((one) => ({ one, judgedAs: this.#rowOf(one, resolved) }));
    for (;;) {
      const verdicts = rows.map(({ one, judgedAs }) => ({ one, verdict: judged(judgedAs, folders.places) }));
      const asks = verdicts.flatMap(({ verdict }) => (verdict.kind === 'asks' ? verdict.places : []));
      if (asks.length === 0) {
        this.#conclude(verdicts);
        return;
      }
      await folders.read(asks);
    }
  }

  #rowOf(
    { row, entry, place, stored }: Pending,
    resolved: Map<string, SecretValue> | undefined,
  ): ResolvedRow {
    const { environment, secretPath } = this.#parts.folder;
    return {
      key: row.secretKey,
      place,
      stored,
      resolved: resolved === undefined ? undefined : (resolved.get(idOf(row, entry)) ?? noValue),
      ...(entry === undefined ? {} : { listed: { environment, path: secretPath } }),
    };
  }

  #conclude(verdicts: readonly { one: Pending; verdict: Verdict }[]): void {
    const faulty: FaultyRow[] = [];
    for (const { one, verdict } of verdicts) {
      if (verdict.kind === 'value') this.#values.set(one.row, verdict.value);
      else if (verdict.kind === 'faults') faulty.push(faultyRow(one, verdict.faults));
    }
    refuseFaulty(faulty);
  }

  #withValues(rows: readonly Row[], secrets: readonly ListedSecret[]): ListedSecret[] {
    const shared = rows.filter(isShared);
    return secrets.map((secret, index) => {
      const row = shared[index];
      const value = row === undefined ? undefined : this.#values.get(row);
      return value === undefined ? secret : { ...secret, value };
    });
  }

  #notices(): string[] {
    if (this.#unchecked.length === 0) return [];
    const names = [...new Set(this.#unchecked)].sort();
    return [
      `Infisical does not show where the imported secrets ${quotedList(names)} are stored, for example because they come from another project. This task could not check whether their references lead to a value.`,
    ];
  }
}

/** The imported rows that win: those that no own secret covers, of each name the last entry's first. */
function takenEntries(list: SecretList, recursive: boolean): { entry: ImportEntry; rows: Row[] }[] {
  const covered = new Set(list.secrets.filter(isShared).map(({ secretKey }) => secretKey));
  const taken = (list.imports ?? []).toReversed().map((entry) => {
    const names = new Set<string>();
    const rows = entry.secrets.filter((row) => {
      const isFirst = isShared(row) && !covered.has(row.secretKey) && !names.has(row.secretKey);
      if (isFirst) names.add(row.secretKey);
      return isFirst;
    });
    // With subfolders nothing tells which entry is the last, and merging compares their values.
    if (!recursive) for (const name of names) covered.add(name);
    return { entry, rows };
  });
  return taken.toReversed().filter(({ rows }) => rows.length > 0);
}

function placeOf({ environment, secretPath }: ImportEntry): Place {
  return { environment, path: tidy(secretPath) };
}

function faultyRow({ row, origin }: Pick<Pending, 'row' | 'origin'>, faults: FaultyRow['faults']): FaultyRow {
  return { key: row.secretKey, origin, faults };
}

/** What a row that the second list no longer has comes to: to nothing that could agree. */
const noValue = new SecretValue('\0');
const changed: FaultyRow['faults'] = [{ literal: '${…}', why: 'differs' }];

/** The values of a list, each under what tells its row from all others. */
function valuesOf(list: SecretList): Map<string, SecretValue> {
  const entries = [undefined, ...(list.imports ?? [])];
  return new Map(
    entries.flatMap((entry) =>
      (entry ?? list).secrets
        .filter(isShared)
        .map((row): [string, SecretValue] => [idOf(row, entry), new SecretValue(row.secretValue)])
        .toReversed(),
    ),
  );
}

function idOf({ id, secretKey, secretPath }: Row, entry: ImportEntry | undefined): string {
  const place = entry === undefined ? secretPath : placeText(placeOf(entry));
  return JSON.stringify([entry !== undefined, place, secretKey, id]);
}
