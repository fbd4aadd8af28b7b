import type { World } from './world.js';

/** A description in which a record of a sync tells only that it is there: time and seal differ in every run. */
export function withoutRecords(description: string): string {
  return description.replace(/^(\[infisical-sync-record: )\S+ .*\]$/gm, '$1…]');
}

/** The description of the usual group, with what is different in every run left out. */
export function describedIn({ ado }: World): string {
  return withoutRecords(ado.group('Shop', 'shop-prod')?.description ?? '').replace(
    /^(\[infisical-sync: shop-prod)\S*/m,
    '$1…',
  );
}
