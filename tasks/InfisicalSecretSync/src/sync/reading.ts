import type { Config } from '../config/config.js';
import { FolderMissingError, SyncError } from '../domain/errors.js';
import { refuseTooMuch } from '../domain/listing-limits.js';
import { maskForms, runMaskForms } from '../domain/masks.js';
import type { SecretValue } from '../domain/secret-value.js';
import type { SourceListing } from '../domain/source.js';
import { quoted } from '../domain/text.js';
import type { ReadDestination, SecretSource, TaskHost, VariableStore } from '../ports.js';

/** Reads source and destination side by side, and masks what was read before anything can print. @throws SyncError */
export async function readBoth(
  config: Config,
  { source, store, host }: { source: SecretSource; store: VariableStore; host: TaskHost },
): Promise<[SourceListing, ReadDestination]> {
  const { project, environment, secretPath } = config.source;
  host.log(
    `Reading Infisical project ${quoted(project.text)}, environment ${quoted(environment)}, path ${quoted(secretPath)}, for ${store.title}.`,
  );
  host.progress(10, 'Reading');
  const readAndMask = async (): Promise<SourceListing> => {
    const listing = await readSource(config, source);
    refuseTooMuch(listing);
    host.mask(formsToMask(listing, config, host));
    return listing;
  };
  const [listing, group] = await Promise.allSettled([readAndMask(), store.read()]);
  if (listing.status === 'fulfilled' && group.status === 'fulfilled') return [listing.value, group.value];
  const causes = [listing, group].flatMap((read): unknown[] =>
    read.status === 'rejected' ? [read.reason] : [],
  );
  const [first, second] = causes;
  if (first instanceof SyncError && second instanceof SyncError && first.name !== 'CancelledError') {
    throw new SyncError(`${first.message}\n${second.message}`, { cause: new AggregateError(causes) });
  }
  throw first;
}

/** With a key schema, what a sync owns can be removed when the folder is gone that gave it. */
async function readSource({ settings }: Config, source: SecretSource): Promise<SourceListing> {
  try {
    return await source.read();
  } catch (error) {
    const canDoWithout = settings.action === 'remove' && settings.keySchema.narrows;
    if (canDoWithout && error instanceof FolderMissingError) return { secrets: [], imports: [] };
    throw error;
  }
}

/** What stays in the job is masked in more forms; what a tag declares to be no secret, and stays there, in none. */
function formsToMask(
  listing: SourceListing,
  { destination, settings }: Config,
  host: TaskHost,
): SecretValue[] {
  const all = [...listing.secrets, ...listing.imports.flatMap((entry) => entry.secrets)];
  const rows = all.filter(({ hidden }) => !hidden);
  if (destination.kind !== 'pipelineVariables') return maskForms(rows.map(({ value }) => value));
  const secret = rows.filter(
    ({ tags }) => settings.plainTag === '' || tags?.includes(settings.plainTag) !== true,
  );
  return runMaskForms(
    secret.map(({ value }) => value),
    host.decodesPercents,
  );
}
