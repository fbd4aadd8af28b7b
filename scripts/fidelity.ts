import { installOnDemand } from './shared/on-demand.js';
import { runNode } from './shared/run-node.js';
import { mochaCommand } from './test/mocha.js';
import { prepareTests } from './test/prepare.js';
import { runCommand } from './shared/run-command.js';

/**
 * `npm run fidelity`: installs the clients and runtimes that we did not write and that `npm ci` leaves out, holds
 * emulators and mini-agent against them and against recorded traffic, and runs the stories on both Node versions of
 * the agent. Azure CLI, which is no npm package, takes part where it is installed.
 */
async function main(): Promise<number> {
  const installed = installOnDemand('fidelity');
  if (installed !== 0) return installed;
  process.env['ON_DEMAND'] = 'installed';
  const prepared = await prepareTests();
  if (prepared !== 0) return prepared;
  console.log('Checking the emulators against recordings, clients and vectors …');
  const held = runNode(mochaCommand(['build/emulators/**/*.test.js']));
  const stories = (['node20_1', 'node24'] as const).map((runtime) => {
    console.log(`Running the stories on the agent's ${runtime} …`);
    process.env['AGENT_NODE'] = runtime;
    return runNode(mochaCommand(['--reporter', 'dot', 'build/tests/stories/**/*.test.js']));
  });
  return Math.max(held.status, ...stories.map(({ status }) => status));
}

runCommand(main);
