import assert from 'node:assert/strict';
import { aNetworkWorld, type NetworkWorld } from '../support/network-world.js';
import { needsOf } from '../support/networks.js';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';

/** What Node is asked to tell of the process of a step. */
describe('Node, made to tell what it does', () => {
  before(needsOf('clientCertificate'));
  let world: NetworkWorld;
  beforeEach(async () => {
    world = await aNetworkWorld({ auth: 'token', network: 'clientCertificate' });
  });
  afterEach(() => world.close());

  const sync = (environment: Record<string, string>): Promise<FinishedStep> =>
    world.sync({}, { agent: { environment } });
  const warningsOf = (step: FinishedStep): string[] => step.issues.map(({ message }) => message);

  for (const [where, options] of [
    ['the agent', (env: Record<string, string>) => ({ agent: { environment: env } })],
    ['the step', (env: Record<string, string>) => ({ step: { env } })],
  ] as const) {
    it(`shows no key, header or body, whatever NODE_DEBUG says in the environment of ${where}`, async () => {
      const step = await world.sync({}, options({ NODE_DEBUG: 'http*,tls,net,stream' }));

      assert.equal(step.result, 'SucceededWithIssues');
      assert.match(warningsOf(step).join('\n'), /^NODE_DEBUG is set for this step.* Remove NODE_DEBUG from/);
      const shown = step.raw.join('\n');
      assert.doesNotMatch(shown, /PRIVATE KEY|authorization|^[A-Z]+ \d+: /im);
      assert.match(shown, /Synced and verified/);
    });
  }

  it('says which option lets others see what is secret, however it is written', async () => {
    const step = await sync({ NODE_OPTIONS: '--max-old-space-size=512 --tls_keylog=/dev/null --trace-tls' });

    assert.equal(step.result, 'SucceededWithIssues');
    assert.match(
      warningsOf(step).join('\n'),
      /^NODE_OPTIONS of this step contains --tls-keylog, --trace-tls\. /,
    );
  });

  it('is no reason for a warning where it is told something else', async () => {
    const step = await sync({ NODE_OPTIONS: '--max-old-space-size=512', NODE_DEBUG: '' });

    assert.deepEqual([step.result, warningsOf(step)], ['Succeeded', []]);
  });
});
