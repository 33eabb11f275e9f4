import { createBirpc } from 'birpc';
import { BridgeError, type EventName } from '../../preload/contract.ts';
import { EVENT_METHOD } from '../../preload/wire.ts';
import { ErrorCode, ProtocolError } from '../../protocol/errors.ts';
import { BridgeFailure } from './bridge.ts';
import type { WindowChannel } from './window-channel.ts';

/** The connection broke while a call was under way: nobody knows whether main carried it out. */
export class Interrupted extends Error {
  constructor() {
    super('The connection to the studio broke.');
    this.name = 'Interrupted';
  }
}

/** One connection's calls. */
export interface Rpc {
  call(method: string, input: unknown): Promise<unknown>;
  /** Rejects every call under way. */
  end(reason: Error): void;
}

/** Speaks the bridge's messages over one channel. */
export function speakOver(
  channel: WindowChannel,
  onEvent: (name: EventName, payload: unknown) => void,
): Rpc {
  const rpc = createBirpc<Record<string, unknown>, object, false>(
    { [EVENT_METHOD]: onEvent },
    {
      proxify: false,
      // Stopping a recording takes as long as it takes; a broken channel ends calls by itself.
      timeout: -1,
      post: (message) => channel.send(message),
      on: (receive) => channel.onMessage(receive),
    },
  );
  return {
    async call(method, input) {
      try {
        return await rpc.$callRaw({ method, args: input === undefined ? [] : [input] });
      } catch (error) {
        throw rebuilt(error);
      }
    },
    end: (reason) => rpc.$close(reason),
  };
}

/** What main threw, from what crossed. */
function rebuilt(crossed: unknown): unknown {
  const refusal = BridgeError.safeParse(crossed);
  if (crossed instanceof Error || !refusal.success) return crossed;
  const { code, message, fields } = refusal.data;
  const known = ErrorCode.safeParse(code);
  return known.success
    ? new ProtocolError(known.data, message, fields)
    : new BridgeFailure(code, message);
}
