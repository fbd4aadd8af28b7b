import type { KeySchema } from './key-schema.js';

export type Action = 'sync' | 'plan' | 'remove';

/** What the person decided about this sync: sync options, details, review and safety of the form. */
export interface SyncSettings {
  action: Action;
  /** Slug that, with the key schema, tells this sync from others; it stands in its mark. */
  syncName: string;
  /** Replaces the text of the destination's description; undefined keeps what is there. */
  syncDescription?: string;
  keySchema: KeySchema;
  plainTag: string;
  overwriteOnFirstSync: boolean;
  disableSecretDeletion: boolean;
  autoSync: boolean;
  /** undefined = the default limit, -1 = none. */
  maxDeletions?: number;
  allowEmptySource: boolean;
}
