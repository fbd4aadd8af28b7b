import { MiniAgent, type FinishedStep, type MiniAgentOptions } from '../../emulators/agent/mini-agent.js';
import type { HostileServices } from '../support/hostile-services.js';
import { canary, endpointOf, runSync, shippedTask, shop, usualInputs } from '../support/world.js';

export const connectionId = '0d6d0f3a-6a4b-4f0e-9a6e-1b0d7c1f2e3a';
export const identityId = '1f0c9a7e-1b2d-4e3f-8a9b-0c1d2e3f4a5b';

/** Runs the shipped task once, with both services at one hostile address. */
export function hostileAgent(
  services: HostileServices,
  agent: Partial<MiniAgentOptions> = {},
  inputs: Record<string, string> = { action: 'plan' },
): Promise<FinishedStep> {
  const job = new MiniAgent({
    taskFolder: shippedTask,
    collectionUrl: `${services.url}/tfs/collection/`,
    project: shop,
    jobToken: canary.jobToken,
    endpoints: [{ id: connectionId, ...endpointOf(services.url, 'universal') }],
    canaries: Object.values(canary),
    ...agent,
  });
  return runSync(job, { ...usualInputs, ...inputs }, {});
}
