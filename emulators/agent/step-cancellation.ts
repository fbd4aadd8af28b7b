import { setTimeout as wait } from 'node:timers/promises';
import type { StepOptions } from './agent-options.js';
import type { JobResult } from './result.js';
import { OperationCanceled } from './retry.js';
import type { StepRecord } from './step-record.js';

/** Why and when a step is asked to stop: its own time is up, or its job is cancelled (StepsRunner.cs). */
export class StepCancellation {
  readonly #controller = new AbortController();
  readonly #over = new AbortController();
  #isJobCancelled = false;

  constructor(
    step: Pick<StepOptions, 'cancelWhen' | 'timeoutMs' | 'condition'>,
    job: { result: JobResult; record: StepRecord; onJobCancelled: () => void },
  ) {
    if (step.timeoutMs !== undefined) this.#stopAfter(step.timeoutMs);
    void step.cancelWhen?.then(() => {
      if (this.#over.signal.aborted) return;
      this.#isJobCancelled = true;
      job.result.cancel();
      job.onJobCancelled();
      // The condition is looked at again: what always runs, runs on.
      if (job.result.lets(step.condition ?? 'succeeded()')) return;
      job.record.error('The Operation will be canceled. The next steps may not contain expected logs.');
      this.#controller.abort();
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isTimeout(): boolean {
    return this.signal.aborted && !this.#isJobCancelled;
  }

  /** @throws OperationCanceled when the step has been asked to stop, however it ended then */
  check(): void {
    if (this.signal.aborted) throw new OperationCanceled();
  }

  async wait(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.signal }).catch(() => {
      throw new OperationCanceled();
    });
  }

  /** The step is over: nothing stops it any more. */
  end(): void {
    this.#over.abort();
  }

  #stopAfter(ms: number): void {
    void wait(ms, undefined, { signal: this.#over.signal }).then(
      () => {
        this.#controller.abort();
      },
      () => undefined,
    );
  }
}
