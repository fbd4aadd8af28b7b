import type { CheckoutOptions } from './agent-options.js';
import { environmentName } from './macros.js';
import type { Preparation } from './preparation.js';
import { restrictionsOf } from './restrictions.js';
import type { RunningJob } from './running-job.js';

/**
 * The step `checkout`, as far as its last command goes. Its Git gets every variable of the job by name, secret ones
 * too: the plug-in is handed both kinds and asks for none (GitSourceProvider.cs, AgentPluginManager.cs; no handler's
 * prefix).
 */
export function prepareCheckout(job: RunningJob, step: CheckoutOptions): Preparation {
  const options = ['checkout', '--progress', '--force', 'HEAD'];
  const handed = (): Record<string, string> =>
    Object.fromEntries(job.variables.all().map(({ name, value }) => [environmentName(name), value]));
  return {
    command: () => ({
      file: 'git',
      arguments: options,
      environment: { ...job.environment, GIT_LFS_SKIP_SMUDGE: '1', ...handed() },
      workingDirectory: step.repository,
    }),
    shown: { file: 'git', arguments: options.join(' ') },
    context: {
      referenceName: step.name ?? 'Checkout',
      outputNames: new Set(),
      restrictions: restrictionsOf(undefined, step.target),
      taskVariables: job.taskVariablesOf(step.name ?? 'Checkout'),
    },
    node: 'node20_1',
  };
}
