export type TaskResult =
  'Succeeded' | 'SucceededWithIssues' | 'Failed' | 'Canceled' | 'Skipped' | 'Abandoned';

const order: readonly TaskResult[] = [
  'Succeeded',
  'SucceededWithIssues',
  'Failed',
  'Canceled',
  'Skipped',
  'Abandoned',
];

/** The worse of two wins; what is worse than Failed stays (TaskResultUtil.cs). */
export function mergeResults(current: TaskResult | undefined, next: TaskResult): TaskResult {
  if (current === undefined) return next;
  if (order.indexOf(current) > order.indexOf('Failed')) return current;
  return order.indexOf(next) > order.indexOf(current) ? next : current;
}

/** `result=` of task.complete by Enum.TryParse, which minds case: `failed` and `Cancelled` are none, `2` is Failed. */
export function parseResult(text: string): TaskResult | undefined {
  return order.find((result, index) => result === text.trim() || String(index) === text.trim());
}

export type Condition = 'succeeded()' | 'succeededOrFailed()' | 'failed()' | 'always()';

/** The result of a job so far, and which steps it still lets run (StepsRunner.cs, ExpressionManager.cs). */
export class JobResult {
  result: TaskResult | undefined;

  get status(): TaskResult {
    return this.result ?? 'Succeeded';
  }

  lets(condition: Condition): boolean {
    const { status } = this;
    const isGood = status === 'Succeeded' || status === 'SucceededWithIssues';
    switch (condition) {
      case 'succeeded()':
        return isGood;
      case 'succeededOrFailed()':
        return isGood || status === 'Failed';
      case 'failed()':
        return status === 'Failed';
      case 'always()':
        return true;
    }
  }

  /** Only issues and failures of a step count: a step that was skipped or cancelled does not change the job. */
  add(result: TaskResult): void {
    if (result === 'SucceededWithIssues' || result === 'Failed')
      this.result = mergeResults(this.result, result);
  }

  cancel(): void {
    this.result = 'Canceled';
  }
}
