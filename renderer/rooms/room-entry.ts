import { ProtocolError } from '../../protocol/errors.ts';
import type { ServerMessage } from '../../protocol/messages.ts';
import type { Invite, JoinRoomResponse, Room } from '../../protocol/rooms.ts';
import type { Api } from '../api/client.ts';
import { waiting } from './moderator-transitions.ts';
import type { NodeKeys } from './node-keys.ts';
import type { SignallingClient } from './signalling-client.ts';
import type { StreamingStore } from './streaming-store.ts';
import { joined, joining, left } from './streaming-transitions.ts';

/** Messages that come while the node's answer to a join is still on its way. */
const EARLY_MESSAGES = 200;

/** A click on Join is answered by this time, if only by a sign that it was heard. */
const CLICK_HEARD_MS = 100;

/** What the node answered to whoever asked to come in. */
export interface Entrance {
  answer: JoinRoomResponse;
  invites?: readonly Invite[];
}

export interface RoomEntryOptions {
  store: StreamingStore;
  api: Pick<Api, 'leaveRoom'>;
  signalling: Pick<SignallingClient, 'leaveRoom'>;
  nodeKeys: Pick<NodeKeys, 'prepare'>;
  /** The room is entered: media may begin, then `early` is to be received. */
  entered: (
    answer: JoinRoomResponse,
    stream: MediaStream | undefined,
    early: readonly ServerMessage[],
  ) => void;
}

/** The step over the threshold, from the click to the room's first picture of itself. */
export class RoomEntry {
  readonly #options: RoomEntryOptions;
  #early: ServerMessage[] = [];
  #clickedAtMs = 0;

  constructor(options: RoomEntryOptions) {
    this.#options = options;
  }

  /** Milliseconds since the person asked to come in, or was let in. */
  get elapsedMs(): number {
    return performance.now() - this.#clickedAtMs;
  }

  /**
   * Enters the room that `ask` gets us into. Rejects as `ask` does, with everything as it was, and
   * with `forbidden` where the person is in a room. Where this page can't take part in a room it
   * was let into, it leaves it before it rejects: the others should not wait for somebody.
   */
  async enter(stream: MediaStream | undefined, ask: () => Promise<Entrance>): Promise<Room> {
    const { store, nodeKeys, entered } = this.#options;
    if (store.state.phase === 'inside' || store.state.phase === 'joining') {
      throw new ProtocolError('forbidden', 'Leave the room you are in before you enter another.');
    }
    const show = store.hold(CLICK_HEARD_MS);
    this.goesOn();
    const asked = ask();
    try {
      const [{ answer, invites }] = await Promise.all([asked, nodeKeys.prepare()]);
      store.apply(joined, answer, { stream, invites });
      performance.mark('swarm:joined');
      entered(answer, stream, this.#early.splice(0));
      return answer.room;
    } catch (error) {
      await this.#turnBack(asked);
      throw error;
    } finally {
      show();
    }
  }

  async #turnBack(asked: Promise<Entrance>): Promise<void> {
    const { store, api, signalling } = this.#options;
    const entrance = await asked.catch(() => undefined);
    signalling.leaveRoom();
    store.apply(left);
    if (!entrance) return;
    api
      .leaveRoom(entrance.answer.room.roomId)
      .catch((error) => console.info('The room will notice the absence by itself.', error));
  }

  /** Somebody else has to decide first. */
  waits(roomId: string): void {
    this.#options.store.apply(waiting, roomId);
  }

  /** The way is clear: what counts as waiting for the room begins now. */
  goesOn(): void {
    this.#clickedAtMs = performance.now();
    performance.mark('swarm:join');
    this.#early = [];
    this.#options.store.apply(joining);
  }

  /** Keeps what comes before the answer; it is handed over once the room is entered. */
  keep(message: ServerMessage): void {
    if (this.#early.length < EARLY_MESSAGES) this.#early.push(message);
  }
}
