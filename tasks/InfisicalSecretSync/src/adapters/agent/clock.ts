import { CancelledError } from '../../domain/errors.js';
import type { Clock } from '../../ports.js';

/** The real clock; waiting ends at once when the agent asks the step to stop. */
export function systemClock(cancelled: AbortSignal): Clock {
  return {
    nowMs: () => Date.now(),
    random: () => Math.random(),
    stopIfAsked: () => {
      if (cancelled.aborted) throw new CancelledError('The step was asked to stop.');
    },
    wait: (ms) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          clearTimeout(timer);
          reject(new CancelledError('The step was asked to stop while it waited.'));
        };
        const timer = setTimeout(() => {
          cancelled.removeEventListener('abort', stop);
          resolve();
        }, ms);
        if (cancelled.aborted) stop();
        else cancelled.addEventListener('abort', stop, { once: true });
      }),
  };
}
