import { DestinationError } from '../../domain/errors.js';
import { awaitAnswer } from '../http/await-answer.js';

/** Reads, and says of what when no answer comes. @throws DestinationError, CancelledError */
export function readOrExplain<T>(title: string, read: () => Promise<T>): Promise<T> {
  return awaitAnswer(read, {
    stopped: 'The step was asked to stop while it read Azure DevOps.',
    otherwise: (why, options) => {
      throw new DestinationError(`Azure DevOps gave no answer about ${title}: ${why}.`, options);
    },
  });
}
