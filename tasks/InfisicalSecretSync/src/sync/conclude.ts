import type { Report } from '../domain/report.js';
import { SyncError } from '../domain/errors.js';
import type { StepHost } from '../ports.js';
import { publishFailure, publishReport } from './publish.js';
import { stateAfter, StoppedRun, type WriteState } from './write-state.js';

const afterwards: Record<WriteState, string> = {
  'nothing written': 'Nothing was written.',
  'write under way':
    'A write had begun, and it is not known whether it took effect. Run the step again to correct this.',
  'written, not verified':
    'Something was written, but it is not known whether it is as planned. Run the step again to correct this.',
  verified: 'The destination was already written as planned.',
};

/** Does the work and has the last word: the report, or why there is none and what that means for the destination. */
export async function conclude(host: StepHost, work: () => Promise<Report>): Promise<void> {
  let state: WriteState = 'nothing written';
  try {
    const report = await work();
    state = stateAfter(report);
    publishReport(report, host);
    host.complete(resultOf(report, host));
  } catch (error) {
    if (error instanceof StoppedRun) explain(error.cause, afterwards[error.state], host);
    else explain(error, afterwards[state], host);
    host.complete('Failed');
  }
}

function resultOf(
  { failure, warnings }: Report,
  host: StepHost,
): 'Succeeded' | 'SucceededWithIssues' | 'Failed' {
  if (failure === undefined) return warnings.length > 0 ? 'SucceededWithIssues' : 'Succeeded';
  host.fail(failure);
  return 'Failed';
}

/** The only catch-all. What we did not throw on purpose is our mistake: its text may hold anything, so it is not shown. */
function explain(error: unknown, state: string, host: StepHost): void {
  const isKnown = error instanceof SyncError;
  const message = isKnown
    ? error.message
    : 'This is a bug in this task. Please report it with the version of the extension. To see where it happened, set system.debug to true and run the step again.';
  if (!isKnown && error instanceof Error) host.debug(`${error.name} at ${stackOf(error)}`);
  host.fail(`${message}${message.includes('\n') ? '\n' : ' '}${state}`);
  try {
    publishFailure(message, state, host);
  } catch {
    host.log('The run summary could not be written. The error message above is complete.');
  }
}

/** Where an error was thrown, without its message. */
function stackOf(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
