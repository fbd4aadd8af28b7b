import { refuseHidden } from './completeness.js';
import { listed, SourceError } from './errors.js';
import type { SecretValue } from './secret-value.js';
import type { SyncSettings } from './settings.js';
import { isTagged } from './tags.js';
import { counted, joined, quoted, quotedList, sortedByName } from './text.js';

/** What may be described of a secret. `path` is the folder it lies in, in the environment that it lies in. */
export interface DescribedSecret {
  key: string;
  path: string;
  /** Absent where Infisical reports none: imported secrets, and every secret on servers of 2024. */
  tags?: readonly string[];
}

/** One secret as Infisical lists it. */
export interface ListedSecret extends DescribedSecret {
  value: SecretValue;
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

/** What is there as far as it may be described, without values, or more. */
export interface DescribedListing<T extends DescribedSecret = DescribedSecret> {
  secrets: readonly T[];
  imports: readonly { environment: string; path: string; secrets: readonly T[] }[];
}

/** What Infisical answered: own secrets and imports, not yet merged. Imports are in the order of the folder. */
export interface SourceListing extends DescribedListing<ListedSecret> {
  imports: readonly ListedImport[];
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
  /** The keys that tags leave out, and that are in Infisical all the same. */
  untagged: string[];
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
  refuseHidden(listing, scope);
  const own = ownSecrets(taken.secrets);
  const imported = importedSecrets(taken.imports, own, scope.recursive);
  const secrets = [...imported.values(), ...own.values()];
  const leftOut = leftOutBy(scope.tags, listing);
  return {
    secrets,
    silentImports: listing.imports.filter((entry) => entry.secrets.length === 0).map(placeOf),
    untagged: unique([...leftOut.own, ...leftOut.imported]),
    warnings: goneWarnings(listing.imports),
    notices: [
      ...(listing.notices ?? []),
      ...(leftOut.imported.length === 0
        ? []
        : [
            `${counted(leftOut.imported.length, 'imported secret')} left out: Infisical returns no tags for imported secrets, and this sync takes only secrets with the tag ${joined(scope.tags.map(quoted), 'or')}.`,
          ]),
    ],
  };
}

/** @throws SourceError when there is nothing to write, unless somebody means it: a role that may not read looks the same */
export function refuseEmptySource(
  { secrets, untagged }: MergedSource,
  { environment, secretPath, tags }: SourceScope,
  { allowEmptySource, action }: SyncSettings,
): void {
  if (secrets.length > 0 || allowEmptySource || action === 'remove') return;
  const place = `environment ${quoted(environment)}, path ${quoted(secretPath)}`;
  const unless = 'If there should be nothing to sync, set allowEmptySource to true.';
  throw new SourceError(
    untagged.length === 0
      ? `Infisical returned no secrets for ${place}. It also returns none if the role of the machine identity may not read them. Check the path and the role. ${unless}`
      : `Infisical returned ${counted(untagged.length, 'secret')} for ${place}, but none with the tag ${joined(tags.map(quoted), 'or')}. Check the input tags, which takes tag slugs, and the tags of the secrets in Infisical; imported secrets have no tags. ${unless}`,
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
        'A destination can hold each name only once, but these secrets have the same name in two folders. Rename one of each pair, or sync the folders separately:',
        problems,
      ),
    );
  }
  return own;
}

/** What tags leave out can stop nothing. Imported secrets carry none in Infisical's answer. */
function withTags({ secrets, imports }: SourceListing, tags: readonly string[]): SourceListing {
  if (tags.length === 0) return { secrets, imports };
  return { secrets: secrets.filter((secret) => isTagged(secret, tags)), imports: [] };
}

/** The keys that tags leave out. */
function leftOutBy(
  tags: readonly string[],
  { secrets, imports }: SourceListing,
): { own: string[]; imported: string[] } {
  if (tags.length === 0) return { own: [], imported: [] };
  const own = secrets.filter((secret) => !isTagged(secret, tags)).map(({ key }) => key);
  return { own, imported: unique(imports.flatMap((entry) => entry.secrets.map(({ key }) => key))) };
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
        'Several imports have different values for the same name, and with recursive it is not known which value applies. Set recursive or includeImports to false, or keep only one of the values:',
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

function goneWarnings(imports: readonly ListedImport[]): string[] {
  const gone = imports.filter(({ isGone }) => isGone === true).map(placeOf);
  if (gone.length === 0) return [];
  return [
    `Infisical has no folder any more for ${gone.length === 1 ? 'the import' : 'the imports'} ${quotedList(unique(gone))}, so no secret came from there. All other imports were used. Delete the import in Infisical, or create the folder again.`,
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
