import { onlyLooks, type SyncSettings } from './settings.js';

/**
 * Whether a run may write. Without autoSync only a person's run does.
 * @param reason who started it, known only where the agent says `Manual`
 */
export function mayWrite({ autoSync, action }: SyncSettings, reason: string | undefined): boolean {
  return autoSync || onlyLooks(action) || reason?.toLowerCase() === 'manual';
}
