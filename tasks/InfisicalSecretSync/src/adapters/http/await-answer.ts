import { CancelledError } from '../../domain/errors.js';
import { NetworkError } from './network-error.js';
import { whyNoAnswer } from './no-answer.js';

/** What to make of it when no whole answer comes. */
export interface NoAnswer<T> {
  /** What to say when the step was asked to stop meanwhile. */
  stopped: string;
  /** `why` continues a sentence after a colon; it ends with what to do, without a full stop. */
  otherwise: (why: string, options: ErrorOptions) => T;
}

/** Sends, and explains it when no whole answer comes. @throws CancelledError, and what `otherwise` throws */
export async function awaitAnswer<T, U>(
  send: () => Promise<T>,
  { stopped, otherwise }: NoAnswer<U>,
): Promise<T | U> {
  try {
    return await send();
  } catch (cause) {
    if (!(cause instanceof NetworkError)) throw cause;
    if (cause.code === 'ABORTED') throw new CancelledError(stopped, { cause });
    return otherwise(whyNoAnswer(cause), { cause });
  }
}
