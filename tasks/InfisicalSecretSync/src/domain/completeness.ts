import { listed, SourceError } from './errors.js';
import type { DescribedListing, DescribedSecret, SourceListing, SourceScope } from './source.js';
import { isTagged } from './tags.js';
import { quoted, quotedList } from './text.js';

/** Shown instead of a value that the identity may not read. */
const hiddenMarker = /^<hidden-by-infisical>$/;

/**
 * Servers answer 200 and leave out, or hide, what may be described but not read. Whatever the sync would take of that
 * stops it: what is left out here would be deleted there. @throws SourceError
 */
export function refuseWithheld(
  listing: SourceListing,
  described: DescribedListing,
  scope: Pick<SourceScope, 'tags'>,
): void {
  refuseHidden(listing, scope);
  const given = new Set(rowsOf(listing, scope).map(identityOf));
  const withheld = rowsOf(described, scope).filter((row) => !given.has(identityOf(row)));
  if (withheld.length === 0) return;
  throw new SourceError(
    listed(
      'Infisical did not return the values of these secrets, although this machine identity can see that they exist. Give its role "Read Value" on them, or leave them out with tags or includeImports. If somebody added them at this very moment, run the step again:',
      [...new Set(withheld.map(located))].sort(),
    ),
  );
}

/** @throws SourceError for what the sync would take and whose value is hidden */
export function refuseHidden(listing: SourceListing, scope: Pick<SourceScope, 'tags'>): void {
  const hidden = rowsOf(listing, scope).filter(
    ({ secret }) => secret.hidden || secret.value.matches(hiddenMarker),
  );
  if (hidden.length === 0) return;
  const names = [...new Set(hidden.map(({ secret }) => secret.key))].sort();
  throw new SourceError(
    `Infisical hides the values of ${quotedList(names)} from this machine identity. ` +
      'Give its role "Read Value" on these secrets, or leave them out with tags.',
  );
}

interface PlacedRow<T extends DescribedSecret> {
  secret: T;
  /** As it is shown; the environment of an import before its path. */
  place: string;
  isImported: boolean;
}

/** The rows that the sync takes: with tags, no imported ones, which carry none. */
function rowsOf<T extends DescribedSecret>(
  { secrets, imports }: DescribedListing<T>,
  { tags }: Pick<SourceScope, 'tags'>,
): PlacedRow<T>[] {
  const own = secrets
    .filter((secret) => isTagged(secret, tags))
    .map((secret) => ({ secret, place: secret.path, isImported: false }));
  if (tags.length > 0) return own;
  const imported = imports.flatMap(({ environment, path, secrets: rows }) =>
    rows.map((secret) => ({ secret, place: `${environment}:${path}`, isImported: true })),
  );
  return [...own, ...imported];
}

/** What tells a row from all others. What is shown of it may be cut. PostgreSQL, where Infisical keeps both parts, takes no NUL. */
function identityOf({ secret, place, isImported }: PlacedRow<DescribedSecret>): string {
  return `${String(isImported)}\0${place}\0${secret.key}`;
}

function located({ secret, place, isImported }: PlacedRow<DescribedSecret>): string {
  return `${quoted(secret.key)} in ${isImported ? 'the import ' : ''}${quoted(place)}`;
}
