import { processLine } from './commands.js';
import { forcedEnd } from './forced-end.js';
import { exitCodeOf, runProcess, startFailure, type ProcessEnd } from './node-process.js';
import type { Command, Preparation } from './preparation.js';
import type { RunningJob } from './running-job.js';
import type { StepCancellation } from './step-cancellation.js';
import type { StepContext } from './step-context.js';
import type { StepRecord } from './step-record.js';

interface Attempt {
  record: StepRecord;
  preparation: Preparation;
  cancellation: StepCancellation;
  onEnd: (end: ProcessEnd) => void;
}

/** One process. @throws Error when it ends with another code than 0; a task is to fail by a command */
export async function runAttempt(
  job: RunningJob,
  { record, preparation, cancellation, onEnd }: Attempt,
): Promise<void> {
  const forced = forcedEnd(job.afterDoneMs);
  const context: StepContext = {
    job,
    record,
    ...preparation.context,
    forceCompletion: forced.start,
  };
  const end = await start(preparation.command(), {
    job,
    cancellation,
    forced: forced.promise,
    onLine: (line) => {
      processLine(context, line);
    },
  });
  forced.stop();
  onEnd(end);
  if (forced.isOver()) {
    record.debug(
      'The task was marked as "done", but the process has not closed after 5 seconds. Treating the task as complete.',
    );
    return;
  }
  cancellation.check();
  const exitCode = exitCodeOf(end);
  if (exitCode === 0) return;
  throw new Error(
    `Exit code ${exitCode} returned from process: file name '${preparation.shown.file}', arguments '${preparation.shown.arguments}'.`,
  );
}

async function start(
  command: Command,
  run: {
    job: RunningJob;
    cancellation: StepCancellation;
    forced: Promise<void>;
    onLine: (line: string) => void;
  },
): Promise<ProcessEnd> {
  const { job, cancellation, forced, onLine } = run;
  try {
    return await runProcess(
      {
        ...command,
        onLine,
        cancelled: cancellation.signal,
        forced,
        waits: job.processWaits(),
        readAfterMs: job.readsAfterMs,
      },
      (child) => job.children.add(child),
    );
  } catch (error) {
    throw startFailure(error, command.file, command.workingDirectory);
  }
}
