import type { MessagePortMain } from 'electron';
import type { Channel } from '../../bridge/channel.ts';

/** The bridge over a MessagePort to the window: structured clones, bytes as they are. */
export function portChannel(port: MessagePortMain): Channel {
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onClose(listener) {
      port.once('close', listener);
    },
    refuse: () => port.close(),
    close: () => port.close(),
  };
}
