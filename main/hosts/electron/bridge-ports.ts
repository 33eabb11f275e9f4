import { randomUUID } from 'node:crypto';
import { ipcMain } from 'electron';
import { CONNECT_CHANNEL } from '../../../preload/wire.ts';
import { serveBridge } from '../../bridge/serve-bridge.ts';
import { windowLost } from '../../bridge/window-lost.ts';
import { WindowPresence } from '../../bridge/window-presence.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { Studio } from '../../studio.ts';
import { isOwnMainFrame } from './own-origin.ts';
import { portChannel } from './port-channel.ts';

/**
 * Serves the bridge to each port that our own page sends; refuses one from any other frame. A
 * port that closes does not come back: its page was left, reloaded or has crashed.
 */
export function serveBridgePorts(studio: Studio, logger: Logger): void {
  const windows = new WindowPresence(0, () => void windowLost(studio, logger));
  ipcMain.on(CONNECT_CHANNEL, (event) => {
    const [port] = event.ports;
    if (!port || !isOwnMainFrame(event.senderFrame)) {
      port?.close();
      logger.warn({ origin: event.senderFrame?.origin }, 'a foreign frame asked for the bridge');
      return;
    }
    const windowId = randomUUID();
    windows.opened(windowId);
    port.once('close', () => windows.closed(windowId));
    serveBridge({
      api: windows.watch(windowId, studio.api),
      events: studio.events,
      channel: portChannel(port),
      logger,
    });
  });
}
