import { setTimeout as wait } from 'node:timers/promises';

/** `done=true`: a process gets a few seconds to end by itself. */
export function forcedEnd(afterMs: number): {
  promise: Promise<void>;
  start: () => void;
  stop: () => void;
  isOver: () => boolean;
} {
  const given = new AbortController();
  let isOver = false;
  const { promise, resolve } = withResolver();
  return {
    promise,
    start: () => {
      void wait(afterMs, undefined, { signal: given.signal }).then(
        () => {
          isOver = true;
          resolve();
        },
        () => undefined,
      );
    },
    stop: () => {
      given.abort();
    },
    isOver: () => isOver,
  };
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
