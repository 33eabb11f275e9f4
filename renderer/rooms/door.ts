import { ProtocolError } from '../../protocol/errors.ts';
import type { ServerMessage } from '../../protocol/messages.ts';
import type { JoinRoomResponse, Room } from '../../protocol/rooms.ts';
import { type RetryPolicy, reconnectDelay } from './reconnect-delay.ts';
import type { RoomEntry } from './room-entry.ts';
import type { SignallingClient } from './signalling-client.ts';
import type { StreamingStore } from './streaming-store.ts';

export interface DoorOptions {
  store: StreamingStore;
  signalling: Pick<SignallingClient, 'knock' | 'join' | 'close' | 'on'>;
  entry: Pick<RoomEntry, 'enter' | 'waits' | 'goesOn'>;
  /** Readies what entering needs, before anybody is disturbed by a knock. */
  prepare: () => Promise<unknown>;
  retry?: RetryPolicy;
}

/** Somebody who waits. */
interface Visit {
  roomId: string;
  /** With the node's answer where it let us in at once, without one where we may join now. */
  admission: PromiseWithResolvers<JoinRoomResponse | undefined>;
  attempt: number;
  retry?: ReturnType<typeof setTimeout>;
}

/** Not a failure: the person did not want to wait any longer. */
class Cancelled extends Error {}

/** The way in for somebody without an invitation: knocks, waits, and joins when let in. */
export class Door {
  readonly #options: DoorOptions;
  readonly #retry: RetryPolicy;
  #visit: Visit | undefined;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#retry = options.retry ?? reconnectDelay;
    options.signalling.on('state', (state) => {
      if (state === 'offline' && this.#visit) this.#knockLater(this.#visit);
    });
  }

  /** As `StreamingActions.knock`. */
  async knock(request: {
    roomId: string;
    stream: MediaStream | undefined;
  }): Promise<Room | undefined> {
    const { roomId, stream } = request;
    const { entry, prepare } = this.#options;
    try {
      return await entry.enter(stream, async () => {
        await prepare();
        return { answer: await this.#wait(roomId) };
      });
    } catch (error) {
      if (error instanceof Cancelled) return undefined;
      throw error;
    }
  }

  cancel(): void {
    const visit = this.#visit;
    if (!visit) return;
    this.#done(visit);
    // The node forgets a knock with its connection: nobody is asked in vain.
    this.#options.signalling.close();
    visit.admission.reject(new Cancelled());
  }

  /** What the node says to somebody who waits. */
  receive(message: ServerMessage): void {
    const visit = this.#visit;
    if (!visit || !('roomId' in message) || message.roomId !== visit.roomId) return;
    if (message.type === 'room:ended') {
      this.#refuse(
        visit,
        new ProtocolError('room-closed', 'The room ended before you were let in.'),
      );
    }
    if (message.type !== 'room:admission') return;
    if (message.status === 'denied') this.#refuse(visit, denied(message.reason));
    else this.#admit(visit, undefined);
  }

  async #wait(roomId: string): Promise<JoinRoomResponse> {
    const { signalling, entry } = this.#options;
    const byRight = await signalling.knock(roomId);
    if (byRight) return byRight;
    const visit: Visit = { roomId, admission: Promise.withResolvers(), attempt: 0 };
    this.#visit = visit;
    entry.waits(roomId);
    const answer = await visit.admission.promise;
    entry.goesOn();
    return answer ?? signalling.join({ roomId });
  }

  /** The connection was lost, and the knock with it. */
  #knockLater(visit: Visit): void {
    clearTimeout(visit.retry);
    visit.retry = setTimeout(
      () => void this.#knockAgain(visit),
      this.#retry.delayMs(visit.attempt++),
    );
  }

  async #knockAgain(visit: Visit): Promise<void> {
    try {
      const byRight = await this.#options.signalling.knock(visit.roomId);
      if (this.#visit !== visit) return;
      visit.attempt = 0;
      if (byRight) this.#admit(visit, byRight);
    } catch (error) {
      if (this.#visit !== visit) return;
      const final = error instanceof ProtocolError && !AWAY.has(error.code);
      if (final) this.#refuse(visit, error);
      else this.#knockLater(visit);
    }
  }

  #admit(visit: Visit, answer: JoinRoomResponse | undefined): void {
    this.#done(visit);
    visit.admission.resolve(answer);
  }

  #refuse(visit: Visit, error: ProtocolError): void {
    this.#done(visit);
    visit.admission.reject(error);
  }

  #done(visit: Visit): void {
    clearTimeout(visit.retry);
    this.#visit = undefined;
  }
}

/** The node does not answer now, itself or by the way to it. */
const AWAY: ReadonlySet<string> = new Set(['internal', 'node-unreachable']);

function denied(reason: string | undefined): ProtocolError {
  return new ProtocolError(
    'knock-denied',
    reason
      ? `You were not let in: ${reason}`
      : 'The host did not let you in. You may ask again in a minute, or ask them for an invitation.',
  );
}
