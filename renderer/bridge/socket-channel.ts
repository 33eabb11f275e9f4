import { decode, encode } from '@msgpack/msgpack';
import {
  BRIDGE_CLOSE,
  BRIDGE_PROTOCOL,
  SECRET_PROTOCOL_PREFIX,
  WINDOW_PROTOCOL_PREFIX,
} from '../../preload/wire.ts';
import { type ChannelEnd, ChannelFailed, type WindowChannel } from './window-channel.ts';

/** RFC 6455, section 7.4.1. */
const MESSAGE_TOO_BIG = 1009;

/**
 * The browser host's bridge: MessagePack over a loopback WebSocket. The first message is the
 * studio's greeting, so that a refused secret (which arrives as a close code, after the
 * handshake) is not taken for a connection.
 */
export function openSocketChannel(
  url: string,
  secret: string,
  windowId: string,
): Promise<WindowChannel> {
  const socket = new WebSocket(url, [
    BRIDGE_PROTOCOL,
    `${SECRET_PROTOCOL_PREFIX}${secret}`,
    `${WINDOW_PROTOCOL_PREFIX}${windowId}`,
  ]);
  socket.binaryType = 'arraybuffer';
  return new Promise((resolve, reject) => {
    socket.addEventListener('message', () => resolve(channelOver(socket)), { once: true });
    socket.addEventListener('close', ({ code }) => reject(new ChannelFailed(endOf(code))), {
      once: true,
    });
  });
}

function channelOver(socket: WebSocket): WindowChannel {
  return {
    send(message) {
      socket.send(encode(message, { ignoreUndefined: true }));
    },
    onMessage(listener) {
      socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
        listener(decode(data));
      });
    },
    onEnd(listener) {
      socket.addEventListener('close', ({ code }) => listener(endOf(code)), { once: true });
    },
  };
}

function endOf(code: number): ChannelEnd {
  if (code === BRIDGE_CLOSE.refused) return 'refused';
  if (code === BRIDGE_CLOSE.stopping) return 'stopped';
  return code === MESSAGE_TOO_BIG ? 'too-large' : 'dropped';
}
