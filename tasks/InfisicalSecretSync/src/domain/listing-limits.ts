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
      `Infisical lists ${String(all.length)} secrets, imported ones included; at most ${String(mostSecrets)} can be synced at once. Sync smaller folders, each by a step of its own.`,
    );
  const long = all.filter(({ value }) => value.length > longestValue);
  if (long.length > 0)
    throw new SourceError(
      `The values of ${quotedList(long.map(({ key }) => key))} have more than ${String(longestValue)} characters, which no variable can hold. Move them to a folder that is not synced.`,
    );
  refuseTooManyLines(all);
}

function refuseTooManyLines(all: readonly ListedSecret[]): void {
  const lines = all.map(({ key, value }) => ({ key, count: value.lineCount }));
  const sum = lines.reduce((total, { count }) => total + count, 0);
  if (sum <= mostLines) return;
  const [most] = lines.sort((a, b) => b.count - a.count);
  throw new SourceError(
    `The values have ${String(sum)} lines together, of which ${quoted(most?.key ?? '')} has ${String(most?.count)}; at most ${String(mostLines)} can be masked in a job, each for itself. Move long texts to a folder that is not synced, or store them in base64.`,
  );
}
