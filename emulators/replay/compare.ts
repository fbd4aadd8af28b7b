import type { Answered } from './send.js';
import type { Exchange } from './recordings.js';

export interface Comparison {
  /** Names of the headers that matter, in lower case: equal, or absent on both sides. */
  headers: readonly string[];
  /** Places of the body that are not compared, such as `value[].id`; each needs a reason where it is listed. */
  except?: readonly string[];
  /** Whether properties have to come in the recorded order. */
  keyOrder?: boolean;
}

/** Says how an answer differs from the recorded one; nothing when it does not. */
export function differences(recorded: Exchange, answered: Answered, comparison: Comparison): string[] {
  const found: string[] = [];
  if (recorded.status !== answered.status)
    found.push(`status: recorded ${String(recorded.status)}, answered ${String(answered.status)}`);
  const recordedHeaders = lowerCased(recorded.responseHeaders);
  for (const name of comparison.headers) {
    const [wanted, got] = [recordedHeaders[name], answered.headers[name]];
    if (shown(wanted) !== shown(got))
      found.push(`header ${name}: recorded ${shown(wanted)}, answered ${shown(got)}`);
  }
  // The recordings write an empty body as null or as "".
  const wanted = recorded.responseBody === null && answered.text === '' ? '' : recorded.responseBody;
  compareValues('', { wanted, got: answered.body }, { found, comparison });
  return found;
}

interface Context {
  found: string[];
  comparison: Comparison;
}

function compareValues(place: string, pair: { wanted: unknown; got: unknown }, context: Context): void {
  if (context.comparison.except?.includes(place.replace(/\[\d+\]/g, '[]')) === true) return;
  const { wanted, got } = pair;
  if (isRecord(wanted) && isRecord(got)) {
    compareObjects(place, { wanted, got }, context);
    return;
  }
  if (Array.isArray(wanted) && Array.isArray(got)) {
    if (wanted.length !== got.length)
      context.found.push(`${place}: recorded ${String(wanted.length)} items, answered ${String(got.length)}`);
    wanted.forEach((item: unknown, index) => {
      if (index < got.length)
        compareValues(`${place}[${String(index)}]`, { wanted: item, got: got[index] }, context);
    });
    return;
  }
  if (wanted !== got)
    context.found.push(`${place || 'body'}: recorded ${shown(wanted)}, answered ${shown(got)}`);
}

function compareObjects(
  place: string,
  { wanted, got }: { wanted: Record<string, unknown>; got: Record<string, unknown> },
  context: Context,
): void {
  const at = (key: string): string => (place === '' ? key : `${place}.${key}`);
  for (const key of new Set([...Object.keys(wanted), ...Object.keys(got)])) {
    if (key in wanted && key in got) compareValues(at(key), { wanted: wanted[key], got: got[key] }, context);
    else if (context.comparison.except?.includes(at(key).replace(/\[\d+\]/g, '[]')) !== true)
      context.found.push(`${at(key)}: only ${key in wanted ? 'recorded' : 'answered'}`);
  }
  const order = (record: object, other: object): string =>
    Object.keys(record)
      .filter((key) => key in other)
      .join();
  if (context.comparison.keyOrder === true && order(wanted, got) !== order(got, wanted))
    context.found.push(`${place || 'body'}: properties in another order`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lowerCased(headers: Exchange['responseHeaders']): Exchange['responseHeaders'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function shown(value: unknown): string {
  const written = value === undefined ? 'nothing' : JSON.stringify(value);
  return written.length > 200 ? `${written.slice(0, 200)}…` : written;
}
