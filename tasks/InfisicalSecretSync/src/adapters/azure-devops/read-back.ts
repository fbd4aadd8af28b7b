import { DestinationError } from '../../domain/errors.js';
import { capitalized } from '../../domain/text.js';
import type { Clock } from '../../ports.js';

/** After a write, reads may lag behind it; so often is read again before giving up. */
const mostReadBacks = 20;

/**
 * Reads until what is found is no older than the write.
 * @returns what was found last, and whether it still lags
 */
export async function readBack<T>(
  read: () => Promise<T>,
  { lags, clock }: { lags: (found: T) => boolean; clock: Clock },
): Promise<{ found: T; stillLags: boolean }> {
  for (let reading = 1; ; reading += 1) {
    const found = await read();
    const stillLags = lags(found);
    if (!stillLags || reading === mostReadBacks) return { found, stillLags };
    await clock.wait(Math.min(2_000, 100 * reading));
  }
}

export function notReadBack(title: string): DestinationError {
  return new DestinationError(
    `${capitalized(title)} could not be read back: Azure DevOps still shows its state from before the write. Run the step again to be sure.`,
  );
}
