import { PORT_MESSAGE, type SwarmBridge } from '../../preload/wire.ts';
import type { WindowChannel } from './window-channel.ts';

/**
 * Electron's bridge: a MessagePort to the main process, structured clones. The preload posts the
 * port into this very window, because a port can't pass through `contextBridge`.
 */
export function openPortChannel(bridge: SwarmBridge): Promise<WindowChannel> {
  return new Promise((resolve) => {
    function receive(event: MessageEvent<unknown>): void {
      const port = event.ports[0];
      if (event.source !== window || event.data !== PORT_MESSAGE || !port) return;
      window.removeEventListener('message', receive);
      resolve(channelOver(port));
    }
    window.addEventListener('message', receive);
    bridge.connect();
  });
}

function channelOver(port: MessagePort): WindowChannel {
  return {
    send(message) {
      // By copy: Electron drops a message whose ArrayBuffer is transferred to main (electron#34905).
      port.postMessage(message);
    },
    onMessage(listener) {
      port.addEventListener('message', ({ data }: MessageEvent<unknown>) => listener(data));
      port.start();
    },
    onEnd(listener) {
      port.addEventListener('close', () => listener('stopped'), { once: true });
    },
  };
}
