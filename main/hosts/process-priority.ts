import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import type { Logger } from 'pino';

/**
 * Lets main, and the ffmpeg it starts, go before the pages' work. On a machine that a call keeps
 * busy the recording would otherwise wait behind pictures that are never seen again. Systems that
 * reserve this for administrators refuse; then everything shares alike.
 */
export function goFirst(logger: Logger): void {
  try {
    for (const id of threads()) setPriority(id, constants.priority.PRIORITY_HIGH);
  } catch (error) {
    logger.debug({ err: error }, 'this process keeps its ordinary priority');
  }
}

/**
 * What the priority is set of. Linux keeps one for each thread (setpriority(2), "C library/kernel
 * differences"), and the threads that write files are running by now: without them each write
 * would still wait its turn. Later threads take it over from the one that starts them.
 */
function threads(): number[] {
  if (process.platform !== 'linux') return [process.pid];
  return readdirSync('/proc/self/task').map(Number);
}
