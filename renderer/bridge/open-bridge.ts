import type { MethodName, MethodOutput } from '../../preload/contract.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { type Bridge, BridgeFailure, BridgeRefused } from './bridge.ts';
import { EventListeners } from './event-listeners.ts';
import { reconnectDelay } from './reconnect-policy.ts';
import { Interrupted, type Rpc, speakOver } from './rpc.ts';
import { type ChannelEnd, ChannelFailed, type OpenChannel } from './window-channel.ts';

/** Calls that do no harm when made twice: one cut off by a dropped socket is made again. */
const REPEATABLE: ReadonlySet<MethodName> = new Set<MethodName>([
  'studio.info',
  'studio.setActivity',
  'identity.profile',
  'identity.update',
  'identity.signNonce',
  'identity.signFingerprint',
  'identity.signModeration',
  'home.look',
  'home.use',
  'home.leave',
  'home.visit',
  'recording.append',
]);

/**
 * Speaks the contract over the channels that `open` gives; opens another when one drops while
 * the studio lives. Rejects with `BridgeRefused` when the studio turns this window away, with
 * `bridge-closed` when nobody answers.
 */
export async function openBridge(open: OpenChannel): Promise<Bridge> {
  const events = new EventListeners();
  const closeListeners = new Set<() => void>();

  async function connect(): Promise<Rpc> {
    const channel = await open();
    const rpc = speakOver(channel, (name, payload) => events.deliver(name, payload));
    channel.onEnd((end) => {
      connection = isFinal(end) ? gone() : reconnect(0);
      // Calls learn of the failure themselves; here the page does.
      connection.catch(announceGone);
      rpc.end(end === 'too-large' ? tooLarge() : new Interrupted());
    });
    return rpc;
  }

  async function reconnect(attempt: number): Promise<Rpc> {
    const delayMs = reconnectDelay(attempt);
    if (delayMs === undefined) return gone();
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    try {
      return await connect();
    } catch (error) {
      if (!(error instanceof ChannelFailed)) throw error;
      return isFinal(error.end) ? gone() : reconnect(attempt + 1);
    }
  }

  function announceGone(): void {
    for (const listener of closeListeners) listener();
    closeListeners.clear();
  }

  let connection = connect();
  await connection.catch((error: unknown) => {
    if (!(error instanceof ChannelFailed)) throw error;
    throw error.end === 'refused' ? new BridgeRefused() : closed();
  });

  return {
    async call<M extends MethodName>(method: M, input: unknown): Promise<MethodOutput<M>> {
      for (;;) {
        const rpc = await connection;
        try {
          // Main's answer has the contract's type: it took it from the same file.
          return (await rpc.call(method, input)) as MethodOutput<M>;
        } catch (error) {
          if (!(error instanceof Interrupted)) throw error;
          if (!REPEATABLE.has(method)) throw interrupted(method);
        }
      }
    },
    on: (event, listener) => events.add(event, listener),
    onClose(listener) {
      closeListeners.add(listener);
      return () => closeListeners.delete(listener);
    },
  };
}

function isFinal(end: ChannelEnd): boolean {
  return end === 'stopped' || end === 'refused';
}

async function gone(): Promise<never> {
  throw closed();
}

function closed(): BridgeFailure {
  return new BridgeFailure(
    'bridge-closed',
    'The studio has stopped. Start it again, then reload this window.',
  );
}

function interrupted(method: MethodName): BridgeFailure {
  return new BridgeFailure(
    'bridge-closed',
    `The connection to the studio broke during ${method}. Look whether it was done before you try again.`,
  );
}

function tooLarge(): ProtocolError {
  return new ProtocolError('message-too-large', 'The studio takes no message of this size.');
}
