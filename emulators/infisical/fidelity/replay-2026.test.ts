import { recordingNames, recordingsFolder, readExchanges, type Exchange } from '../../replay/recordings.js';
import { Tally } from '../../replay/tally.js';
import { claimsOf2026, identitiesOf2026 } from './recorded-identities-2026.js';
import { scenariosOf2026 } from './recorded-scenarios-2026.js';
import type { RecordedServer } from './recorded-stage.js';
import { addRecordedSyncs, syncScenarios } from './recorded-syncs-2026.js';
import { RecordedWorld2026 } from './recorded-world-2026.js';
import { replayed } from './replaying.js';

const syncs = 'the task reads syncs, and reads only: app connections and writes are not emulated';
const writes = 'the task reads, and reads only: writes of today are not emulated';
const browsing = 'the task never asks this route';
const renames = 'a rename and a deletion rewrite other secrets, which no list of ours depends on';

/** Exchanges that the emulator does not answer, each with the reason. */
const leftOut = {
  'approval-policy-create': writes,
  'create-denied': writes,
  'create-duplicate': writes,
  'delete-missing': writes,
  'delete-ok': writes,
  'update-same-value': writes,
  'versions-created-again': renames,
  'versions-deleted-imported': renames,
  'versions-renamed': renames,
  'versions-renamed-imported': renames,
  'commits-count': browsing,
  'environment-by-slug': browsing,
  'get-version': browsing,
  'get-version-missing': browsing,
  'identity-self': browsing,
  'secret-by-id': browsing,
  'secret-versions': browsing,
  tags: browsing,
};

const folder = recordingsFolder('infisical-2026');
if (folder !== undefined) {
  describe('recorded exchanges with Infisical of July 2026', () => {
    const world = new RecordedWorld2026(folder);
    const isSync = (name: string): boolean => /^(?:sync-(?:create|trigger)|app-connection)-?/.test(name);
    const names = recordingNames(folder);
    const all = { ...leftOut, ...Object.fromEntries(names.filter(isSync).map((name) => [name, syncs])) };
    const scenarios = { ...scenariosOf2026, ...syncScenarios(folder) };
    const tally = new Tally('infisical-2026', all);
    after(() => {
      tally.close();
    });

    for (const exchange of names.flatMap((name) => readExchanges(folder, name))) {
      if (tally.leavesOut(exchange.name)) continue;
      it(exchange.name, async () => {
        const { found, inPart } = await replayed(exchange, serverOf2026(world, exchange, folder), {
          who: whoSent(exchange),
          isRedacted: true,
          ...scenarios[exchange.name],
        });
        tally.note(exchange.name, found, inPart);
      });
    }
  });
}

/** Each recording says whose token it was, where that mattered. */
function whoSent({ raw }: Exchange): string {
  return (raw['identity'] as string | undefined) ?? 'reader';
}

/** The limiter was switched on for some of the recordings only. */
function serverOf2026(world: RecordedWorld2026, { name }: Exchange, folder: string): RecordedServer {
  const isLimited = /cloud-headers|-limited$/.test(name);
  return {
    organization: world.organization,
    profile: 'v4-2026',
    recordedAtMs: Date.parse('2026-11-27T16:30:00Z'),
    site: 'http://127.0.0.1:58090',
    rateLimit: isLimited ? { secret: 40, read: 60 } : false,
    claims: claimsOf2026,
    identities: identitiesOf2026(world),
    fill: (emulator) => {
      world.fill(emulator);
      addRecordedSyncs(emulator, folder);
    },
  };
}
