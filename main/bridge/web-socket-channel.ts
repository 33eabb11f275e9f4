import { decode, encode } from '@msgpack/msgpack';
import type { RawData, WebSocket } from 'ws';
import { MAX_SLICE_BYTES } from '../../preload/contract.ts';
import { BRIDGE_CLOSE } from '../../preload/wire.ts';
import type { Channel } from './channel.ts';

/** A slice of the largest size and the words around it; `ws` closes with 1009 over it. */
export const MAX_BRIDGE_MESSAGE_BYTES = MAX_SLICE_BYTES + 16 * 1024;

/** The bridge over a WebSocket, each message MessagePack: bytes travel as bytes. */
export function webSocketChannel(socket: WebSocket): Channel {
  function refuse(reason: string): void {
    socket.close(BRIDGE_CLOSE.malformed, reason);
  }
  return {
    send(message) {
      if (socket.readyState === socket.OPEN)
        socket.send(encode(message, { ignoreUndefined: true }));
    },
    onMessage(listener) {
      socket.on('message', (data, isBinary) => {
        const message = isBinary ? decoded(data) : undefined;
        if (message) listener(message.value);
        else refuse('not MessagePack');
      });
    },
    onClose(listener) {
      socket.once('close', listener);
    },
    refuse,
    close() {
      socket.close(BRIDGE_CLOSE.stopping, 'the studio stops');
    },
  };
}

function decoded(data: RawData): { value: unknown } | undefined {
  try {
    return { value: decode(Array.isArray(data) ? Buffer.concat(data) : data) };
  } catch (error) {
    // RangeError for truncated bytes, the library's DecodeError for malformed ones.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
