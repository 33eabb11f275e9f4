import { decode, encode } from '@msgpack/msgpack';
import type { z } from 'zod';
import { Greeting, ReturnChallenge } from '../../preload/window-return.ts';
import {
  BRIDGE_CLOSE,
  BRIDGE_PROTOCOL,
  RETURN_PROTOCOL_PREFIX,
  SECRET_PROTOCOL_PREFIX,
  WINDOW_PROTOCOL_PREFIX,
} from '../../preload/wire.ts';
import { toBase64Url } from '../../protocol/encoding.ts';
import { type ChannelEnd, ChannelFailed, type WindowChannel } from './window-channel.ts';
import { ReturnProof } from './window-return.ts';

/** RFC 6455, section 7.4.1. */
const MESSAGE_TOO_BIG = 1009;

/** What lets this window in. */
export interface WindowPass {
  readonly windowId: string;
  /** The page's. */
  readonly origin: string;
  /** Of the studio's present start, as far as this window knows. */
  secret: string;
  /** Absent before the first greeting: such a window belongs to no start yet. */
  returnKey?: string;
}

/**
 * The browser host's bridge: MessagePack over a loopback WebSocket. A window whose secret is old
 * because the studio crashed comes back by its return key; `pass` then has the new secret.
 */
export async function openSocketChannel(url: string, pass: WindowPass): Promise<WindowChannel> {
  const { returnKey } = pass;
  try {
    const socket = connect(url, pass, `${SECRET_PROTOCOL_PREFIX}${pass.secret}`);
    return await enter(socket, pass);
  } catch (error) {
    const isOld = error instanceof ChannelFailed && error.end === 'refused';
    if (!isOld || returnKey === undefined) throw error;
    return comeBack(url, pass, await ReturnProof.with(returnKey));
  }
}

function connect(url: string, { windowId }: WindowPass, credential: string): WebSocket {
  const protocols = [BRIDGE_PROTOCOL, credential, `${WINDOW_PROTOCOL_PREFIX}${windowId}`];
  const socket = new WebSocket(url, protocols);
  socket.binaryType = 'arraybuffer';
  return socket;
}

/**
 * The studio's greeting is its first message, so that a refused secret (which arrives as a close
 * code, after the handshake) is not taken for a connection.
 */
async function enter(socket: WebSocket, pass: WindowPass): Promise<WindowChannel> {
  const { returnKey, secret } = await nextMessage(socket, Greeting);
  pass.returnKey = returnKey;
  if (secret !== undefined) pass.secret = secret;
  return channelOver(socket);
}

async function comeBack(url: string, pass: WindowPass, key: ReturnProof): Promise<WindowChannel> {
  const windowNonce = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  const socket = connect(url, pass, `${RETURN_PROTOCOL_PREFIX}${windowNonce}`);
  const { studioNonce, proof } = await nextMessage(socket, ReturnChallenge);
  const { origin, windowId } = pass;
  const exchange = { origin, windowId, windowNonce, studioNonce };
  if (!(await key.isStudios(proof, exchange))) throw notTheStudio(socket);
  const answer = await key.prove(exchange);
  socket.send(encode({ proof: answer }));
  return { ...(await enter(socket, pass)), restarted: true };
}

/** Rejects with a `ChannelFailed` where the socket closes first, or something else is said. */
function nextMessage<T extends z.ZodType>(socket: WebSocket, schema: T): Promise<z.output<T>> {
  const listening = new AbortController();
  const { signal } = listening;
  return new Promise<z.output<T>>((resolve, reject) => {
    socket.addEventListener(
      'message',
      ({ data }: MessageEvent<ArrayBuffer>) => {
        const message = schema.safeParse(decode(data));
        if (message.success) resolve(message.data);
        else reject(notTheStudio(socket));
      },
      { once: true, signal },
    );
    socket.addEventListener('close', ({ code }) => reject(new ChannelFailed(endOf(code))), {
      once: true,
      signal,
    });
  }).finally(() => listening.abort());
}

/** Some other program has the studio's port: the studio may still come back to it. */
function notTheStudio(socket: WebSocket): ChannelFailed {
  socket.close();
  return new ChannelFailed('dropped');
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
