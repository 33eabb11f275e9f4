import type { MethodName, MethodOutput } from '../../preload/contract.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { type Bridge, type BridgeEnd, BridgeFailure, BridgeRefused } from './bridge.ts';
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
  'identity.signChat',
  'home.look',
  'home.use',
  'home.leave',
  'home.visit',
  'recording.append',
  'recording.pause',
  'recording.restarting',
  'recording.labelMarker',
  'recording.forecast',
  'recording.beginTrack',
  'recording.appendTrack',
  'recording.endTrack',
]);

/** Between two looks whether a studio that is away is there again. */
const AWAY_RETRY_MS = 1_500;

/**
 * Speaks the contract over the channels that `open` gives; opens another when one drops while
 * the studio lives, and for as long as it takes when it crashed. Rejects with `BridgeRefused` when the studio turns this window away, with
 * `bridge-closed` when nobody answers.
 */
export async function openBridge(open: OpenChannel): Promise<Bridge> {
  const events = new EventListeners();
  const closeListeners = new Set<(end: BridgeEnd) => void>();
  const awayListeners = new Set<(away: boolean) => void>();
  const restartListeners = new Set<() => void>();
  let away = false;
  let restarted = false;

  async function connect(): Promise<Rpc> {
    const channel = await open();
    restarted ||= channel.restarted ?? false;
    const rpc = speakOver(channel, (name, payload) => events.deliver(name, payload));
    channel.onEnd((end) => {
      follow(isFinal(end) ? gone(end) : reconnect(0));
      rpc.end(end === 'too-large' ? tooLarge() : new Interrupted());
    });
    return rpc;
  }

  /** Calls learn of a failure themselves; the page does elsewhere. */
  function follow(next: Promise<Rpc>): void {
    connection = next;
    next.catch(() => undefined);
  }

  async function reconnect(attempt: number): Promise<Rpc> {
    const delayMs = reconnectDelay(attempt);
    if (delayMs === undefined) {
      void seek();
      throw closed();
    }
    const rpc = await connectIn(delayMs);
    if (rpc) tellBack();
    return rpc ?? reconnect(attempt + 1);
  }

  /** Calls fail meanwhile: nobody should wait for a studio that may never be started again. */
  async function seek(): Promise<void> {
    tellAway(true);
    for (;;) {
      try {
        const rpc = await connectIn(AWAY_RETRY_MS);
        if (!rpc) continue;
        follow(Promise.resolve(rpc));
        tellBack();
      } catch (error) {
        console.warn('The studio can’t be had back.', error);
      }
      return;
    }
  }

  /** `undefined` where nobody is there yet. Rejects where there is nothing to come back to. */
  async function connectIn(delayMs: number): Promise<Rpc | undefined> {
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    try {
      return await connect();
    } catch (error) {
      if (!(error instanceof ChannelFailed)) throw error;
      return isFinal(error.end) ? gone(error.end) : undefined;
    }
  }

  function tellAway(now: boolean): void {
    if (away === now) return;
    away = now;
    for (const listener of awayListeners) listener(now);
  }

  /** Once calls go to where the studio is now. */
  function tellBack(): void {
    tellAway(false);
    if (!restarted) return;
    restarted = false;
    for (const listener of restartListeners) listener();
  }

  async function gone(end: BridgeEnd): Promise<never> {
    for (const listener of closeListeners) listener(end);
    closeListeners.clear();
    throw closed();
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
    onAway(listener) {
      awayListeners.add(listener);
      return () => awayListeners.delete(listener);
    },
    onRestart(listener) {
      restartListeners.add(listener);
      return () => restartListeners.delete(listener);
    },
    onClose(listener) {
      closeListeners.add(listener);
      return () => closeListeners.delete(listener);
    },
  };
}

function isFinal(end: ChannelEnd): end is BridgeEnd {
  return end === 'stopped' || end === 'refused';
}

function closed(): BridgeFailure {
  return new BridgeFailure(
    'bridge-closed',
    'The studio has stopped. Start it again: this window then goes on.',
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
