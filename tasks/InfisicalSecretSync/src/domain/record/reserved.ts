import type { SecretValue } from '../secret-value.js';
import type { ListedSecret, SourceListing } from '../source.js';
import { sameName } from '../text.js';

/** A secret of this name is the key of records, and never synced. */
export const recordKeyName = 'SECRET_SYNC_RECORD_KEY';

export const shortestRecordKey = 32;

/** Everything but what is reserved, in whatever folder or import it lies. */
export function withoutReserved({ secrets, imports }: SourceListing): SourceListing {
  return {
    secrets: secrets.filter(isOrdinary),
    imports: imports.map((entry) => ({ ...entry, secrets: entry.secrets.filter(isOrdinary) })),
  };
}

/** The key of records that lies in the synced folder itself, long enough or not. */
export function reservedSecret({ secrets }: SourceListing, secretPath: string): SecretValue | undefined {
  const found = secrets.find((secret) => !isOrdinary(secret) && secret.path === secretPath);
  return found?.hidden === true ? undefined : found?.value;
}

function isOrdinary({ key }: ListedSecret): boolean {
  return sameName(key) !== sameName(recordKeyName);
}
