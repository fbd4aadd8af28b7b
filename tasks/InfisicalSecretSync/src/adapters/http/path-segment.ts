import { SyncError } from '../../domain/errors.js';
import { quoted } from '../../domain/text.js';

/**
 * A name or an ID as one piece of a path. `.` and `..` lead to another folder however they are encoded (WHATWG URL,
 * "double-dot path segment"), nothing is no piece, and half a character has no encoding.
 * @throws SyncError for these
 */
export function pathSegment(text: string): string {
  if (/^\.{0,2}$/.test(text) || /\p{Cs}/u.test(text))
    throw new SyncError(
      `The name or ID ${quoted(text)} can’t be part of an address, because the address would lead elsewhere. Check the names and IDs in the inputs and in the service connections.`,
    );
  return encodeURIComponent(text);
}
