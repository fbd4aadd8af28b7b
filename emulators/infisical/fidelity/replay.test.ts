import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExchanges, recordingNames, recordingsFolder } from '../../replay/recordings.js';
import { Tally } from '../../replay/tally.js';
import { identitiesOf2024 } from './recorded-identities.js';
import { scenarios } from './recorded-scenarios.js';
import { claimsOf2024, Stage, type RecordedServer } from './recorded-stage.js';
import { RecordedWorld } from './recorded-world.js';
import { replayed, tokenDifferences } from './replaying.js';

const folder = recordingsFolder('infisical-2024');
if (folder !== undefined) {
  describe('recorded exchanges with Infisical of July 2024', () => {
    const world = new RecordedWorld(folder);
    const tally = new Tally('infisical-2024', {});
    after(() => {
      tally.close();
    });

    for (const name of recordingNames(folder)) {
      for (const exchange of readExchanges(folder, name)) {
        if (tally.leavesOut(exchange.name)) continue;
        it(exchange.name, async () => {
          const profile = exchange.name.startsWith('standalone-') ? 'docker-2024' : 'legacy-2024';
          const server = serverOf2024(world, profile);
          const { found, inPart } = await replayed(exchange, server, scenarios[exchange.name]);
          tally.note(exchange.name, found, inPart);
        });
      }
    }

    it('token-auth-decoded', async () => {
      // Not an exchange: the recording holds a decoded token.
      const recorded: unknown = JSON.parse(readFileSync(join(folder, 'token-auth-decoded.json'), 'utf8'));
      const stage = await Stage.set(serverOf2024(world, 'legacy-2024'));
      try {
        tally.note('token-auth-decoded', tokenDifferences(recorded, await stage.token('tokenAuth')));
      } finally {
        await stage.strike();
      }
    });
  });
}

function serverOf2024(world: RecordedWorld, profile: RecordedServer['profile']): RecordedServer {
  return {
    organization: world.organization,
    profile,
    recordedAtMs: Date.parse('2026-11-23T03:57:00Z'),
    site: 'http://127.0.0.1:58080',
    rateLimit: true,
    claims: claimsOf2024,
    identities: identitiesOf2024,
    fill: (emulator) => {
      world.fill(emulator);
    },
  };
}
