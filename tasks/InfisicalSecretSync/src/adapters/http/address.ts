/** An http:// or https:// address; nothing for any other text. */
export function addressOf(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** What an address that somebody typed holds that it must not; credentials or a query would be shown in logs. */
export function excessIn(url: URL): string | undefined {
  if (url.username !== '' || url.password !== '')
    return 'contains a user name or a password. Remove them, and use the fields of the service connection to sign in.';
  return /[?#]/.test(url.href)
    ? 'contains a query or a fragment. Remove everything from "?" or "#" on.'
    : undefined;
}

/** A piece of an address, decoded where its percent signs are codes. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
