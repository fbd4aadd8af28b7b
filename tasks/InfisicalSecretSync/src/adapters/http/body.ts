import type * as http from 'node:http';
import { NetworkError } from './network-error.js';

/** Deeper than any answer of either service, and far from what a recursive function can't follow. */
const deepest = 100;
/** A row of Infisical has less than fifty; each takes up to a hundred bytes of memory when it is parsed. */
const mostValues = 2_000_000;

/** What says that it is JSON; only that becomes data. */
export function isJson({ 'content-type': type }: http.IncomingHttpHeaders): boolean {
  return /\bjson\b/i.test(type ?? '');
}

/**
 * The whole body as text. What is wrong with it is noticed before it costs memory: its length while it comes, what it
 * holds before it is parsed.
 * @throws NetworkError
 */
export async function readBody(
  response: http.IncomingMessage,
  { maxBytes, tooLarge }: { maxBytes: number; tooLarge: () => void },
): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) tooLarge();
    else chunks.push(chunk);
  }
  if (!response.complete) throw new NetworkError('CUT_SHORT');
  const body = Buffer.concat(chunks);
  // A page is never data, and may be in any encoding.
  return isJson(response.headers) ? jsonText(body) : body.toString('utf8');
}

/** Broken UTF-8 must not be repaired: a value would be stored that is not the one in Infisical. */
function jsonText(body: Buffer): string {
  const burden = burdenOf(body);
  if (burden !== undefined) throw new NetworkError(burden);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw new NetworkError('NOT_UTF8', { cause });
  }
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
/** A bracket and its brace differ in one bit. */
const [opening, closing, either] = [0x7b, 0x7d, 0x20];

/** Whether JSON holds more than anybody should send; every sign of its grammar is one byte in UTF-8. */
export function burdenOf(json: Uint8Array): 'TOO_DEEP' | 'TOO_MANY_VALUES' | undefined {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < json.length; at += 1) {
    const sign = json[at] ?? 0;
    if (sign === quote) at = endOfString(json, at);
    else if (sign === comma) values += 1;
    else if ((sign | either) === closing) depth -= 1;
    else if ((sign | either) === opening) {
      depth += 1;
      values += 1;
    }
    if (depth > deepest) return 'TOO_DEEP';
    if (values > mostValues) return 'TOO_MANY_VALUES';
  }
  return undefined;
}

function endOfString(json: Uint8Array, start: number): number {
  for (let end = json.indexOf(quote, start + 1); end >= 0; end = json.indexOf(quote, end + 1)) {
    let first = end;
    while (json[first - 1] === backslash) first -= 1;
    if ((end - first) % 2 === 0) return end;
  }
  return json.length;
}
