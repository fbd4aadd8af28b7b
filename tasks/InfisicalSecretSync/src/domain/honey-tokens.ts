import type { SourceListing, SourceSecret } from './source.js';
import { counted, quotedList } from './text.js';

/**
 * Honey tokens are bait: whoever uses one raises an alarm in Infisical. They are synced as anything else, since a place
 * without them would tell which ones they are; a person should know that they are there.
 */
export function honeyTokenNotices(
  { secrets, imports }: SourceListing,
  synced: readonly SourceSecret[],
): string[] {
  const baits = [...secrets, ...imports.flatMap((entry) => entry.secrets)].filter(
    ({ isHoneyToken }) => isHoneyToken === true,
  );
  const names = synced
    .filter(({ key, value }) => baits.some((bait) => bait.key === key && bait.value.equals(value)))
    .map(({ key }) => key)
    .sort();
  if (names.length === 0) return [];
  return [
    `${counted(names.length, 'secret')} ${names.length === 1 ? 'is a honey token' : 'are honey tokens'} of Infisical: ${quotedList(names)}. A honey token is bait: it raises an alarm when it is used, so no job should read it.`,
  ];
}
