import type { Logger } from 'pino';

/** How long finishing recordings may take after an error that nobody caught. */
const LAST_WORDS_MS = 15_000;

/**
 * One Ctrl+C arrives up to three times: from the terminal, and passed on by npm and by the
 * launcher. What follows the first within this time is still the same one.
 */
const SAME_PRESS_MS = 500;

/**
 * Ends the process in order. SIGINT, SIGTERM and a closed terminal (SIGHUP) run `stop`, which
 * finishes recordings; a second signal exits at once. An error that nobody caught is logged,
 * then recordings are finished and the process exits with 1: its state can't be trusted, but
 * what is on disk can.
 *
 * @param exit ends the process at once: `process.exit`, or Electron's `app.exit`.
 * @param words what is said when it begins
 */
export function stopOnSignals(
  stop: () => Promise<void>,
  logger: Logger,
  exit: (exitCode: number) => void,
  words = 'Stopping; a recording in progress is finished first.',
): void {
  let stopping: Promise<void> | undefined;
  let stoppingSinceMs = 0;

  function leave(exitCode: number): void {
    stopping ??= stop();
    stopping.then(
      () => exit(exitCode),
      (err: unknown) => {
        logger.fatal({ err }, 'the studio could not be stopped in order');
        exit(1);
      },
    );
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) {
        if (performance.now() - stoppingSinceMs > SAME_PRESS_MS) exit(1);
        return;
      }
      stoppingSinceMs = performance.now();
      process.stderr.write(`${words}\n`);
      leave(0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      logger.fatal({ err }, `${event}: recordings are finished, then the studio stops`);
      setTimeout(() => exit(1), LAST_WORDS_MS).unref();
      leave(1);
    });
  }
}
