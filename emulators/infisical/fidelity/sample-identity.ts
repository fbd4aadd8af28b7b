import type { InfisicalEmulator } from '../emulator.js';
import type { MachineIdentity } from '../identities.js';
import type { Answered } from '../../replay/send.js';
import { clientSecret, login, withServer, type StartOptions } from './sample.js';

/** A server with a clock that a test moves, and one more identity. */
export async function withIdentity(
  given: Partial<MachineIdentity> & { options?: StartOptions },
  test: (server: InfisicalEmulator, clock: { nowMs: number }, identity: MachineIdentity) => Promise<void>,
): Promise<void> {
  const { options, ...parts } = given;
  const clock = { nowMs: Date.UTC(2026, 0, 1) };
  await withServer({ now: () => clock.nowMs, ...options }, (server) => {
    const identity = server.addMachineIdentity({
      name: 'other',
      universalAuth: { clientId: 'other', clientSecret },
      projects: { shop: 'viewer' },
      ...parts,
    });
    return test(server, clock, identity);
  });
}

export const asOther = (server: InfisicalEmulator): Promise<Answered> => login(server, { id: 'other' });
export const tokenOf = ({ body }: Answered): string => (body as { accessToken: string }).accessToken;
