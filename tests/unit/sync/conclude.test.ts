import assert from 'node:assert/strict';
import { SyncError } from '#task/domain/errors.js';
import { countChanges, type Report } from '#task/domain/report.js';
import type { StepHost } from '#task/ports.js';
import { conclude } from '#task/sync/conclude.js';
import { StoppedRun, type WriteState } from '#task/sync/write-state.js';

function aReport(status: Report['status']): Report {
  return {
    syncName: 'shop',
    action: 'sync',
    status,
    hasChanges: false,
    source: { project: 'shop', environment: 'prod', secretPath: '/' },
    destination: { kind: 'pipelineVariables' },
    counts: countChanges([]),
    changes: [],
    warnings: [],
    notices: [],
  };
}

class FullDisk implements StepHost {
  readonly said: string[] = [];
  readonly decodesPercents = true;

  writeFile(): string {
    throw new Error('ENOSPC');
  }

  fail(message: string): void {
    this.said.push(message);
  }

  complete(result: string): void {
    this.said.push(result);
  }

  mask(): void {}
  log(): void {}
  warn(): void {}
  progress(): void {}
  setOutput(): void {}
  uploadSummary(): void {}
  debug(): void {}
}

async function saidOf(work: () => Promise<Report>): Promise<string> {
  const host = new FullDisk();
  await conclude(host, work);
  return host.said.join(' ');
}

describe('the end of a step', () => {
  for (const [status, afterwards] of [
    ['synced', /The destination was already written as planned\. Failed$/],
    ['removed', /The destination was already written as planned\. Failed$/],
    ['unchanged', /Nothing was written\. Failed$/],
    ['planned', /Nothing was written\. Failed$/],
    ['skipped', /Nothing was written\. Failed$/],
  ] as const) {
    it(`says what a run that ended as ${status} did, although its report could not be published`, async () => {
      assert.match(await saidOf(() => Promise.resolve(aReport(status))), afterwards);
    });
  }

  for (const [state, afterwards] of [
    ['nothing written', /^Why\. Nothing was written\. Failed$/],
    ['write under way', /^Why\. A write had begun, and it is not known whether it took effect\./],
    ['written, not verified', /^Why\. Something was written, but it is not known whether it is as planned\./],
    ['verified', /^Why\. The destination was already written as planned\./],
  ] as [WriteState, RegExp][]) {
    it(`says why a run stopped, and that this was known of the destination: ${state}`, async () => {
      const stopped = new StoppedRun(state, new SyncError('Why.'));

      assert.match(await saidOf(() => Promise.reject(stopped)), afterwards);
    });
  }

  it('shows nothing of an error that nobody threw on purpose', async () => {
    const said = await saidOf(() => Promise.reject(new StoppedRun('verified', new Error('canary'))));

    assert.match(said, /^This is a bug in this task\..*already written as planned\. Failed$/);
    assert.doesNotMatch(said, /canary/);
  });
});
