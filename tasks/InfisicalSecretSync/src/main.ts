import { AgentHost } from './adapters/agent-host.js';
import { cancellation, type Cancellation } from './adapters/cancellation.js';
import { systemClock } from './adapters/clock.js';
import { HttpClient } from './adapters/http/client.js';
import { parseConfig } from './config/config.js';
import { readInputs } from './config/inputs.js';
import type { WriteState } from './converge.js';
import { SyncError } from './domain/errors.js';
import { publishFailure, publishReport } from './publish.js';
import { run } from './run.js';
import { readSurroundings, wire } from './wiring.js';

const afterwards: Record<WriteState, string> = {
  'nothing written': 'Nothing was written.',
  'write under way':
    'A write had begun; whether it took effect is not known. Running the step again puts it right.',
  'written, not verified':
    'Something was written, but it is not known to be as planned. Running the step again puts it right.',
  verified: 'The destination had been written before that, as planned.',
};

async function main(): Promise<void> {
  const host = new AgentHost((line) => {
    process.stdout.write(`${line}\n`);
  });
  const cancelled = cancellation();
  let state: WriteState = 'nothing written';
  try {
    const hasWarnings = await sync(host, cancelled, (reached) => {
      state = reached;
    });
    host.complete(hasWarnings ? 'SucceededWithIssues' : 'Succeeded');
  } catch (error) {
    explain(error, afterwards[state], host);
    host.complete('Failed');
  } finally {
    cancelled.end();
  }
}

/** @returns whether there is something that a person should mend */
async function sync(
  host: AgentHost,
  cancelled: Cancellation,
  stateIs: (state: WriteState) => void,
): Promise<boolean> {
  const config = parseConfig(readInputs((name) => host.input(name)));
  const surroundings = readSurroundings(host, config);
  const clock = systemClock(cancelled.asked);
  const http = new HttpClient({
    clock,
    cancelled: cancelled.asked,
    writeCutOff: cancelled.writeCutOff,
    trace: (line) => {
      host.trace(line);
    },
  });
  try {
    const report = await run(config, wire({ host, config, surroundings, http, clock, stateIs }));
    publishReport(report, host);
    return report.warnings.length > 0;
  } finally {
    http.close();
  }
}

/** The only catch-all. What we did not throw on purpose is our mistake: its text may hold anything, so it is not shown. */
function explain(error: unknown, state: string, host: AgentHost): void {
  const isKnown = error instanceof SyncError;
  const message = isKnown
    ? error.message
    : 'This task has a fault of its own. Please report it with the version of the extension; run with system.debug set to true to see where it happened.';
  if (!isKnown && error instanceof Error) host.debug(`${error.name} at ${stackOf(error)}`);
  host.fail(`${message}${message.includes('\n') ? '\n' : ' '}${state}`);
  try {
    publishFailure(message, state, host);
  } catch {
    host.log('The summary could not be written; the message above says it all.');
  }
}

/** Where an error was thrown, without its message. */
function stackOf(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

void main();
