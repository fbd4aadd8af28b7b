import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What was sent, and what a real server answered. */
export interface Exchange {
  name: string;
  method: string;
  /** Path and query as they stood in the request line. */
  target: string;
  requestHeaders: Record<string, string>;
  requestBody: unknown;
  status: number;
  responseHeaders: Record<string, string | string[]>;
  /** Parsed JSON, or text where it was none. */
  responseBody: unknown;
  /** Whatever else the recording tells of the scenario. */
  raw: Record<string, unknown>;
}

type Recorded = Omit<Exchange, 'name' | 'target' | 'raw'> & { uri: string };

/**
 * Where a set of recordings is: below RECORDINGS, else beside the repository in shared/recordings. They are not part
 * of the repository, so a clone elsewhere has none and says so in one line.
 * @throws Error when RECORDINGS is set and the set is not there: whoever names a folder wants a replay
 */
export function recordingsFolder(set: string): string | undefined {
  const named = process.env['RECORDINGS'];
  const folder = resolve(named ?? '../shared/recordings', set);
  if (existsSync(folder)) return folder;
  if (named !== undefined) throw new Error(`There are no recordings in ${folder}.`);
  console.log(`Recordings "${set}" are not here: not replayed.`);
  return undefined;
}

export function recordingNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json') && !file.startsWith('_'))
    .map((file) => file.replace(/\.json$/, ''));
}

/** The exchanges of one file: a list of them, or a single one. */
export function readExchanges(folder: string, name: string): Exchange[] {
  const file = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Record<string, unknown>;
  const list = file['exchanges'] as Recorded[] | undefined;
  if (list === undefined) return 'uri' in file ? [exchangeOf(name, file as unknown as Recorded)] : [];
  return list.map((recorded, index) => exchangeOf(`${name} #${String(index + 1)}`, recorded));
}

function exchangeOf(name: string, recorded: Recorded): Exchange {
  return {
    ...recorded,
    name,
    target: recorded.uri.replace(/^https?:\/\/[^/]+/, ''),
    raw: recorded,
  };
}
