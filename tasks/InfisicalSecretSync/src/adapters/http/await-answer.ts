import { CancelledError, type SyncError } from '../../domain/errors.js';
import { NetworkError } from './network-error.js';
import { whyNoAnswer } from './no-answer.js';

/** What to say when no whole answer comes. */
export interface NoAnswer {
  /** When the step was asked to stop meanwhile. */
  stopped: string;
  /** `why` continues a sentence after a colon. */
  because: (why: string, options: ErrorOptions) => SyncError;
}

/** Sends, and explains it when no whole answer comes. @throws SyncError */
export async function awaitAnswer<T>(send: () => Promise<T>, { stopped, because }: NoAnswer): Promise<T> {
  try {
    return await send();
  } catch (cause) {
    if (!(cause instanceof NetworkError)) throw cause;
    if (cause.code === 'ABORTED') throw new CancelledError(stopped, { cause });
    throw because(whyNoAnswer(cause), { cause });
  }
}
