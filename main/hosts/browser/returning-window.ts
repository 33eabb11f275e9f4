import { randomBytes } from 'node:crypto';
import { decode, encode } from '@msgpack/msgpack';
import type { WebSocket } from 'ws';
import { ReturnAnswer } from '../../../preload/window-return.ts';
import type { WindowReturn } from './window-return.ts';

/** A window answers at once, or is none of ours. */
const ANSWER_MS = 10_000;

/**
 * Lets a window prove that it belonged to the start that crashed; the first side to prove anything
 * is the studio. Answers whether it did; `false` too when the socket closes or nothing comes.
 */
export async function provesItself(
  socket: WebSocket,
  windows: WindowReturn,
  about: { origin: string; windowId: string; windowNonce: string },
): Promise<boolean> {
  if (!windows.isExpected) return false;
  const exchange = { ...about, studioNonce: randomBytes(32).toString('base64url') };
  const answered = firstMessage(socket);
  socket.send(encode({ studioNonce: exchange.studioNonce, proof: windows.prove(exchange) }));
  const answer = ReturnAnswer.safeParse(await answered);
  return answer.success && windows.isProof(answer.data.proof, exchange);
}

/** `undefined` where none comes in time, or what comes is no MessagePack. */
function firstMessage(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = setTimeout(finish, ANSWER_MS);
    function finish(message?: unknown): void {
      clearTimeout(timer);
      socket.off('message', receive);
      socket.off('close', finishEmpty);
      resolve(message);
    }
    function finishEmpty(): void {
      finish();
    }
    function receive(data: Buffer): void {
      finish(decoded(data));
    }
    socket.on('message', receive);
    socket.on('close', finishEmpty);
  });
}

function decoded(data: Buffer): unknown {
  try {
    return decode(data);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
