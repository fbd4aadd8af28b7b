export type TaskResult = 'Succeeded' | 'SucceededWithIssues' | 'Failed' | 'Canceled' | 'Skipped';

const order: readonly TaskResult[] = ['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled', 'Skipped'];

/** The worse of two wins; what is worse than Failed stays (TaskResultUtil.cs). */
export function mergeResults(current: TaskResult | undefined, next: TaskResult): TaskResult {
  if (current === undefined) return next;
  if (order.indexOf(current) > order.indexOf('Failed')) return current;
  return order.indexOf(next) > order.indexOf(current) ? next : current;
}

/** `result=` of task.complete, read with its case: `failed` and `Cancelled` are none. */
export function parseResult(text: string): TaskResult | undefined {
  return order.find((result, index) => result === text || String(index) === text);
}
