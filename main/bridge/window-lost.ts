import type { Logger } from 'pino';
import type { Studio } from '../studio.ts';

/**
 * What happens when a window that was in a room or recording is gone for good: nobody is in a
 * room any more as far as quitting and sleeping are concerned, and its recording is finished.
 */
export async function windowLost(
  studio: Pick<Studio, 'api' | 'windowGone'>,
  logger: Logger,
): Promise<void> {
  logger.warn('the window left a live room without saying so; its recording is finished');
  try {
    await studio.api['studio.setActivity']({ inRoom: false, recording: false });
    await studio.windowGone();
  } catch (err) {
    logger.error({ err }, 'a closed window’s recording could not be finished');
  }
}
