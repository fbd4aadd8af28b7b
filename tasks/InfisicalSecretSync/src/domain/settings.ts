import type { KeySchema } from './key-schema.js';

export type Action = 'sync' | 'plan' | 'check' | 'remove';

/** What shows what would change, and writes nothing. */
export function onlyLooks(action: Action): boolean {
  return action === 'plan' || action === 'check';
}

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
  /** Whether what is written is remembered. */
  detectChanges: boolean;
  /** The digest of the plan that somebody approved; empty for none. */
  approvedPlan: string;
  /** undefined = the default limit, -1 = none. */
  maxDeletions?: number;
  allowEmptySource: boolean;
}
