import { readExchanges } from '../../replay/recordings.js';
import type { InfisicalEmulator } from '../emulator.js';
import type { NewSecretSync } from '../secret-syncs.js';
import type { Prepare, Scenario } from './recorded-scenarios.js';

const project = 'emu-project';

interface RecordedSync extends Omit<NewSecretSync, 'environment' | 'path'> {
  createdAt: string;
  updatedAt: string;
  syncStatus: string | null;
  lastSyncJobId: string | null;
  lastSyncedAt: string | null;
  connection: { id: string; name: string };
  environment: { slug: string } | null;
  folder: { path: string } | null;
}

/** What somebody made on the recorded server: two syncs, and a third one whose folder was deleted afterwards. */
export function addRecordedSyncs(emulator: InfisicalEmulator, folder: string): void {
  const [all] = readExchanges(folder, 'syncs-all');
  for (const sync of (all?.responseBody as { secretSyncs: RecordedSync[] }).secretSyncs)
    emulator.addSecretSync(project, stored(sync));
}

/** The third one was not there yet when all were listed. */
const withoutFolder =
  (folder: string): Prepare =>
  (stage) => {
    const [gone] = readExchanges(folder, 'sync-by-name-folder-gone');
    const { secretSync } = gone?.responseBody as { secretSync: RecordedSync };
    stage.emulator.addSecretSync(project, { ...stored(secretSync), environment: 'dev', path: '/to-delete' });
    return undefined;
  };

function stored(sync: RecordedSync): NewSecretSync {
  const { syncStatus, lastSyncJobId, lastSyncedAt } = sync;
  return {
    ...sync,
    environment: sync.environment?.slug ?? '',
    path: sync.folder?.path ?? '/',
    createdAtMs: Date.parse(sync.createdAt),
    updatedAtMs: Date.parse(sync.updatedAt),
    ran: { syncStatus, lastSyncJobId, lastSyncedAt },
  };
}

/** What a scenario of syncs needs beyond the token of the identity that its name tells. */
export function syncScenarios(folder: string): Record<string, Scenario> {
  return {
    'sync-after-run': {
      prepare: (stage, { responseBody }) => {
        const { secretSync } = responseBody as { secretSync: RecordedSync };
        Object.assign(stage.emulator.secretSync(project, 'web-shop-dev'), stored(secretSync));
        return undefined;
      },
    },
    'sync-by-name-folder-gone': { prepare: withoutFolder(folder) },
    'sync-by-name-no-access': { who: 'noAccess' },
    'sync-by-name-no-access-role': { who: 'noAccessMember' },
    'sync-by-name-secrets-only': { who: 'secretsOnly' },
    'sync-by-name-syncs-reader': { who: 'syncsReader' },
  };
}
