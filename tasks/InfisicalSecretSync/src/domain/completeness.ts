import { listed, SourceError } from './errors.js';
import type { ListedImport, ListedSecret, SourceListing, SourceScope } from './source.js';
import { quoted, quotedList } from './text.js';

/** Shown instead of a value that the identity may not read. */
const hiddenMarker = /^<hidden-by-infisical>$/;

/**
 * Servers answer 200 and leave out, or hide, what may be described but not read. Whatever the sync would take of that
 * stops it: what is left out here would be deleted there. @throws SourceError
 */
export function refuseWithheld(listing: SourceListing, { tags }: Pick<SourceScope, 'tags'>): void {
  refuseHidden(listing, tags);
  const { described } = listing;
  if (described === undefined) return;
  const given = new Set(rowsOf(listing, tags).map(identityOf));
  const withheld = rowsOf(described, tags).filter((row) => !given.has(identityOf(row)));
  if (withheld.length === 0) return;
  throw new SourceError(
    listed(
      'Infisical did not return the values of these secrets, although this machine identity can see that they exist. Give its role "Read Value" on them, or leave them out with tags or includeImports. If somebody added them at this very moment, run the step again:',
      [...new Set(withheld.map(located))].sort(),
    ),
  );
}

function refuseHidden(listing: SourceListing, tags: readonly string[]): void {
  const hidden = rowsOf(listing, tags).filter(
    ({ secret }) => secret.hidden || secret.value.matches(hiddenMarker),
  );
  if (hidden.length === 0) return;
  const names = [...new Set(hidden.map(({ secret }) => secret.key))].sort();
  throw new SourceError(
    `Infisical hides the values of ${quotedList(names)} from this machine identity. ` +
      'Give its role "Read Value" on these secrets, or leave them out with tags.',
  );
}

interface PlacedRow {
  secret: ListedSecret;
  place: { kind: 'folder' | 'import'; text: string };
}

/** The rows that the sync takes: with tags, no imported ones, which carry none. */
function rowsOf(
  { secrets, imports }: Omit<SourceListing, 'described'>,
  tags: readonly string[],
): PlacedRow[] {
  const own = secrets
    .filter((secret) => tags.length === 0 || secret.tags?.some((tag) => tags.includes(tag)) === true)
    .map((secret): PlacedRow => ({ secret, place: { kind: 'folder', text: secret.path } }));
  return tags.length > 0 ? own : [...own, ...imports.flatMap(importedRows)];
}

function importedRows({ environment, path, secrets }: ListedImport): PlacedRow[] {
  const place = { kind: 'import', text: `${environment}:${path}` } as const;
  return secrets.map((secret) => ({ secret, place }));
}

/** What tells a row from all others. What is shown of it may be cut. Neither part can hold the NUL between them. */
function identityOf({ secret, place }: PlacedRow): string {
  return `${place.kind}\0${place.text}\0${secret.key}`;
}

function located({ secret, place }: PlacedRow): string {
  const where = place.kind === 'import' ? 'the import ' : '';
  return `${quoted(secret.key)} in ${where}${quoted(place.text)}`;
}
