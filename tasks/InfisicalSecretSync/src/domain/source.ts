import { refuseWithheld } from './completeness.js';
import { listed, SourceError } from './errors.js';
import type { SecretValue } from './secret-value.js';
import type { SyncSettings } from './settings.js';
import { counted, quoted, quotedList, sortedByName } from './text.js';

/** One secret as Infisical lists it. `path` is the folder it lies in, in the environment that it lies in. */
export interface ListedSecret {
  key: string;
  value: SecretValue;
  path: string;
  /** Absent where Infisical reports none: imported secrets, and every secret on servers of 2024. */
  tags?: readonly string[];
  hidden: boolean;
  /** Bait, which servers of today mark. */
  isHoneyToken?: boolean;
}

/** One entry of a folder's imports, with the secrets that came through it. */
export interface ListedImport {
  environment: string;
  path: string;
  secrets: readonly ListedSecret[];
  /** Its folder was deleted. */
  isGone?: boolean;
}

interface ListedRows {
  secrets: readonly ListedSecret[];
  imports: readonly ListedImport[];
}

/** What Infisical answered: own secrets and imports, not yet merged. Imports are in the order of the folder. */
export interface SourceListing extends ListedRows {
  /** What is there as far as it may be described, without values. */
  described?: ListedRows;
  /** What a person should know about how the values came about. */
  notices?: readonly string[];
}

export interface SourceScope {
  environment: string;
  secretPath: string;
  recursive: boolean;
  expandSecretReferences: boolean;
  /** Tag slugs; empty means all secrets. */
  tags: readonly string[];
}

export interface SourceSecret {
  key: string;
  value: SecretValue;
  /** Where the secret comes from, as a person would look for it: `/api`, or `prod:/shared` for an import. */
  origin: string;
  tags: readonly string[];
}

/** The merged secrets, and what a person should know about how they came about. */
export interface MergedSource {
  secrets: SourceSecret[];
  /** Imports that gave nothing: an import that may not be read looks just the same, so nothing is deleted then. */
  silentImports: string[];
  warnings: string[];
  notices: string[];
}

/**
 * Merges a listing as Infisical's own syncs do: own secrets win over imports, among imports the last wins, within one
 * import the first row.
 * @throws SourceError for values that are withheld and names that are in two places.
 */
export function mergeSource(listing: SourceListing, scope: SourceScope): MergedSource {
  const taken = withTags(listing, scope.tags);
  refuseWithheld(listing, scope);
  const own = ownSecrets(taken.secrets);
  const imported = importedSecrets(taken.imports, own, scope.recursive);
  const secrets = [...imported.values(), ...own.values()];
  const leftOut = scope.tags.length === 0 ? 0 : countImported(listing.imports);
  return {
    secrets,
    silentImports: listing.imports.filter((entry) => entry.secrets.length === 0).map(placeOf),
    warnings: goneWarnings(listing.imports),
    notices: [
      ...(listing.notices ?? []),
      ...(leftOut === 0
        ? []
        : [
            `Left out ${counted(leftOut, 'imported secret')}: Infisical reports no tags for imported secrets, and this sync takes only secrets tagged ${quotedList(scope.tags)}.`,
          ]),
    ],
  };
}

/** @throws SourceError when there is nothing to write, unless somebody means it: a role that may not read looks the same */
export function refuseEmptySource(
  { secrets }: MergedSource,
  { environment, secretPath, tags }: SourceScope,
  { allowEmptySource, action }: SyncSettings,
): void {
  if (secrets.length > 0 || allowEmptySource || action === 'remove') return;
  const tagged = tags.length === 0 ? '' : ` tagged ${quotedList(tags)}`;
  throw new SourceError(
    `Infisical gave no secrets${tagged} for environment ${quoted(environment)}, path ${quoted(secretPath)}. ` +
      'A role that may not read them looks the same. Check path and role; if the folder is meant to be empty, set allowEmptySource to true.',
  );
}

function ownSecrets(rows: readonly ListedSecret[]): Map<string, SourceSecret> {
  const own = new Map<string, SourceSecret>();
  const problems: string[] = [];
  for (const { key, value, path, tags } of sortedByPlace(rows)) {
    const other = own.get(key);
    if (other === undefined) own.set(key, { key, value, origin: path, tags: tags ?? [] });
    else problems.push(`${quoted(key)} is in ${quoted(other.origin)} and in ${quoted(path)}`);
  }
  if (problems.length > 0) {
    throw new SourceError(
      listed(
        'The destination is one flat list, so a name can be used only once. Rename one of each pair, or sync the folders separately:',
        problems,
      ),
    );
  }
  return own;
}

/** What tags leave out can stop nothing. Imported secrets carry none in Infisical's answer. */
function withTags({ secrets, imports }: SourceListing, tags: readonly string[]): SourceListing {
  if (tags.length === 0) return { secrets, imports };
  const isTagged = ({ tags: own = [] }: ListedSecret): boolean => own.some((tag) => tags.includes(tag));
  return { secrets: secrets.filter(isTagged), imports: [] };
}

function importedSecrets(
  imports: readonly ListedImport[],
  own: ReadonlyMap<string, SourceSecret>,
  recursive: boolean,
): Map<string, SourceSecret> {
  const merged = new Map<string, SourceSecret>();
  const problems: string[] = [];
  for (const entry of imports) {
    for (const { key, value } of firstRows(entry).filter((row) => !own.has(row.key))) {
      const earlier = merged.get(key);
      const origin = placeOf(entry);
      // With subfolders nothing in Infisical's answer tells which folder an import belongs to, so "the last" means nothing.
      if (recursive && earlier !== undefined && !earlier.value.equals(value)) {
        problems.push(`${quoted(key)} is in ${quoted(earlier.origin)} and in ${quoted(origin)}`);
      }
      merged.set(key, { key, value, origin, tags: [] });
    }
  }
  if (problems.length > 0) {
    throw new SourceError(
      listed(
        'Several imports give different values for one name, and with subfolders included nothing tells which should win. Turn off recursive or includeImports, or give each name one source:',
        problems,
      ),
    );
  }
  return merged;
}

function firstRows(entry: ListedImport): ListedSecret[] {
  const rows = new Map<string, ListedSecret>();
  for (const row of entry.secrets) if (!rows.has(row.key)) rows.set(row.key, row);
  return [...rows.values()];
}

function countImported(imports: readonly ListedImport[]): number {
  return unique(imports.flatMap((entry) => entry.secrets.map(({ key }) => key))).length;
}

function goneWarnings(imports: readonly ListedImport[]): string[] {
  const gone = imports.filter(({ isGone }) => isGone === true).map(placeOf);
  if (gone.length === 0) return [];
  return [
    `The folder of ${gone.length === 1 ? 'the import' : 'the imports'} ${quotedList(unique(gone))} is gone, so nothing came from there; all other imports were used. Delete the import in Infisical, or make the folder again.`,
  ];
}

function placeOf(entry: ListedImport): string {
  return `${entry.environment}:${entry.path}`;
}

/** Infisical promises no order, so messages make their own. */
function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function sortedByPlace(rows: readonly ListedSecret[]): ListedSecret[] {
  return sortedByName(rows, ({ key, path }) => `${key} ${path}`);
}
