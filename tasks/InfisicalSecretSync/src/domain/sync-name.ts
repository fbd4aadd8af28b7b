/** Where a sync takes its secrets from, as the person typed it. */
export interface NamedSource {
  project: string;
  environment: string;
  secretPath: string;
}

const longestReadable = 40;

/**
 * The name of a sync that was given none: readable, and of this source alone. `/api/v1` and `/api-v1`, or `web-eu` with
 * `prod` and `web` with `eu-prod`, look alike as slugs, so a checksum of the exact source stands at the end.
 */
export function madeSyncName(source: NamedSource): string {
  // An ID is the same in capitals; slugs have none.
  const exact = [source.project.toLowerCase(), source.environment, source.secretPath];
  const readable = exact
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, longestReadable)
    .replace(/-$/, '');
  return `${readable}-${checksum(JSON.stringify(exact))}`;
}

/**
 * Eight letters and digits of the 64-bit FNV-1a hash. It keeps names apart that nobody chose to collide: whoever could
 * choose them may write any name into `syncName` anyway.
 */
function checksum(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i += 1) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  }
  return hash.toString(36).padStart(8, '0').slice(-8);
}
