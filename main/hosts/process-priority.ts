import { constants, setPriority } from 'node:os';
import type { Logger } from 'pino';

/**
 * Lets main, and the ffmpeg it starts, go before the pages' work. On a machine that a call keeps
 * busy the recording would otherwise wait behind pictures that are never seen again. Systems that
 * reserve this for administrators refuse; then everything shares alike.
 */
export function goFirst(logger: Logger): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGH);
  } catch (error) {
    logger.debug({ err: error }, 'this process keeps its ordinary priority');
  }
}
