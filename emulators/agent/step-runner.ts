import type { AnyStep } from './agent-options.js';
import { runAttempt } from './attempt.js';
import { expandMacros } from './macros.js';
import type { ProcessEnd } from './node-process.js';
import type { Preparation } from './preparation.js';
import { mergeResults, type TaskResult } from './result.js';
import { OperationCanceled, runWithRetries } from './retry.js';
import type { RunningJob } from './running-job.js';
import { StepCancellation } from './step-cancellation.js';
import { StepRecord } from './step-record.js';

export interface RanStep extends Partial<ProcessEnd> {
  record: StepRecord;
  result: TaskResult;
  attempts: number;
}

/** One step from its condition to its result (StepsRunner.cs). @param prepare says what is to be started, or nothing */
export async function runOneStep(
  job: RunningJob,
  step: AnyStep,
  prepare: (record: StepRecord) => Preparation | undefined,
): Promise<RanStep> {
  const record = new StepRecord(job.masker, job.isDebug);
  job.variables.recalculate().forEach((warning) => {
    record.warning(warning);
  });
  if (!job.result.lets(step.condition ?? 'succeeded()')) {
    record.write('Skipping step due to condition evaluation.');
    return { record, result: 'Skipped', attempts: 0 };
  }
  const title = expandMacros(
    step.displayName ?? step.name ?? 'Script',
    (name) => job.variables.get(name)?.value,
  );
  record.write(`Starting: ${title}`, '##[section]');
  const ran = await attempts(job, step, { record, prepare, title });
  if (record.commandResult !== undefined) record.result = mergeResults(record.result, record.commandResult);
  if (record.result === 'Failed' && step.continueOnError === true) record.result = 'SucceededWithIssues';
  record.write(`Finishing: ${title}`, '##[section]');
  const result = record.result ?? 'Succeeded';
  job.result.add(result);
  job.showStatus();
  return { ...ran, record, result };
}

interface Body {
  record: StepRecord;
  prepare: (record: StepRecord) => Preparation | undefined;
  title: string;
}

/** Whatever goes wrong here is an error of the step, not of the agent. */
async function attempts(
  job: RunningJob,
  step: AnyStep,
  { record, prepare, title }: Body,
): Promise<Partial<ProcessEnd> & { attempts: number }> {
  const onJobCancelled = (): void => {
    job.showStatus();
  };
  const cancellation = new StepCancellation(step, { result: job.result, record, onJobCancelled });
  let end: Partial<ProcessEnd> = {};
  let count = 0;
  const leaveScope = job.enterScope(title, step.name ?? title);
  try {
    const preparation = prepare(record);
    if (preparation === undefined) {
      record.result = 'Skipped';
      return { attempts: 0 };
    }
    await runWithRetries(
      async () => {
        count += 1;
        await runAttempt(job, {
          record,
          preparation,
          cancellation,
          onEnd: (ended) => {
            end = ended;
          },
        });
      },
      {
        count: step.retryCountOnTaskFailure ?? 0,
        delayMs: job.beforeRetryMs,
        wait: (ms) => cancellation.wait(ms),
        warn: (message) => {
          record.warning(message);
        },
        result: {
          get: () => record.result,
          reset: () => {
            record.result = undefined;
          },
        },
      },
    );
  } catch (error) {
    conclude(error, record, cancellation);
  } finally {
    leaveScope();
    cancellation.end();
  }
  return { ...end, attempts: count };
}

function conclude(error: unknown, record: StepRecord, cancellation: StepCancellation): void {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof OperationCanceled)) {
    record.error(message, { source: 'TaskInternal' });
    record.result = 'Failed';
  } else if (cancellation.isTimeout) {
    record.error('The task has timed out.');
    record.result = 'Failed';
  } else {
    record.error(message, { source: 'TaskInternal' });
    record.result = 'Canceled';
  }
}
