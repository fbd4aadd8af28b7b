import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { ScriptOptions } from './agent-options.js';
import { emptyId } from './endpoints.js';
import { stepEnvironment, withoutVault } from './environment.js';
import { resolveStepEnvironment } from './inputs.js';
import type { Preparation } from './preparation.js';
import { restrictionsOf } from './restrictions.js';
import type { RunningJob } from './running-job.js';
import type { StepRecord } from './step-record.js';

/** A script step: macros in the script itself, secrets only by `env:`. */
export function prepareScript(job: RunningJob, step: ScriptOptions, record: StepRecord): Preparation {
  const sources = job.inputSources();
  const given = resolveStepEnvironment(step.env ?? {}, sources);
  const [script = ''] = resolveStepEnvironment({ script: step.script }, sources).values();
  const [interpreter, ...options] = step.interpreter ?? [process.execPath];
  const file = join(job.tempFolder, `${randomUUID()}.cjs`);
  const taskVariables = job.taskVariablesOf(step.name ?? 'Script');
  const environment = (): Record<string, string> =>
    stepEnvironment({
      step: given,
      variables: job.variables,
      inputs: new Map(),
      endpoints: job.endpoints.filter(({ id }) => id === emptyId),
      taskVariables,
      prependPath: job.prependPath,
      base: job.environment,
      isWindows: job.platform === 'windows',
      laysVariablesLast: job.laysVariablesLast,
      warn: (message) => {
        record.warning(message);
      },
    });
  return {
    command: () => {
      writeFileSync(file, script);
      return {
        file: interpreter,
        arguments: [...options, file],
        environment: { ...job.environment, ...withoutVault(environment()) },
        workingDirectory: job.workingDirectory(),
      };
    },
    shown: { file: interpreter, arguments: [...options, `"${file}"`].join(' ') },
    context: {
      referenceName: step.name ?? 'Script',
      outputNames: new Set(),
      restrictions: restrictionsOf(undefined, step.target),
      taskVariables,
    },
    node: 'node20_1',
  };
}
