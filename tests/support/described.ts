import type { World } from './world.js';

/** The description of the usual group, with what is different in every run left out. */
export function describedIn({ ado }: World): string {
  return (ado.group('Shop', 'shop-prod')?.description ?? '')
    .replace(/^(\[infisical-sync-record: )\S+ .*\]$/m, '$1…]')
    .replace(/^(\[infisical-sync: shop-prod)\S*/m, '$1…');
}
