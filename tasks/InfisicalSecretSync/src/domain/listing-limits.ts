import { SourceError } from './errors.js';
import type { ListedSecret, SourceListing } from './source.js';
import { quoted, quotedList } from './text.js';

/** More than is measured (docs/performance.md); the agent looks for each of their values in every line of the job. */
const mostSecrets = 25_000;
/** Eight times what any variable can hold; see environment-limits. */
const longestValue = 1_048_576;
/** Each line of a value is a mask of its own: a log line takes the agent some milliseconds then. */
const mostLines = 50_000;

/**
 * What a listing may hold, looked at before masks are made of it and anything is sent to the agent.
 * @throws SourceError that names what is too much
 */
export function refuseTooMuch({ secrets, imports }: SourceListing): void {
  const all = [...secrets, ...imports.flatMap((entry) => entry.secrets)];
  if (all.length > mostSecrets)
    throw new SourceError(
      `Infisical returned ${String(all.length)} secrets, including imported ones; one step can sync at most ${String(mostSecrets)}. Sync smaller folders, each with its own step.`,
    );
  const long = all.filter(({ value }) => value.length > longestValue);
  if (long.length > 0)
    throw new SourceError(
      `The values of ${quotedList(long.map(({ key }) => key))} have more than ${String(longestValue)} characters, which is too long for any variable. Move these secrets to a folder that is not synced.`,
    );
  refuseTooManyLines(all);
}

function refuseTooManyLines(all: readonly ListedSecret[]): void {
  const lines = all.map(({ key, value }) => ({ key, count: value.lineCount }));
  const sum = lines.reduce((total, { count }) => total + count, 0);
  if (sum <= mostLines) return;
  const [most] = lines.sort((a, b) => b.count - a.count);
  throw new SourceError(
    `All values together have ${String(sum)} lines; ${quoted(most?.key ?? '')} alone has ${String(most?.count)}. Each line is masked separately, and a job can mask at most ${String(mostLines)} lines. Move long texts to a folder that is not synced, or store them in base64.`,
  );
}
