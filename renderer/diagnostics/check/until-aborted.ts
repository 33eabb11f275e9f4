/**
 * A promise that an aborted signal rejects. `start` answers how to clean up; that is done once,
 * however it ends.
 */
export function untilAborted<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    let finish: (() => void) | undefined;
    let ended = false;
    const end = (settle: () => void) => {
      if (ended) return;
      ended = true;
      signal.removeEventListener('abort', abort);
      settle();
      // Told before `start` came to its end: cleaned up right after it.
      if (finish) finish();
      else queueMicrotask(() => finish?.());
    };
    const abort = () => end(() => reject(signal.reason));
    signal.addEventListener('abort', abort);
    finish = start(
      (value) => end(() => resolve(value)),
      (error) => end(() => reject(error)),
    );
  });
}
