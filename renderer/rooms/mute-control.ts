import { ProtocolError } from '../../protocol/errors.ts';
import type { MuteState } from '../../protocol/rooms.ts';
import type { Api } from '../api/client.ts';
import type { StreamingStore } from './streaming-store.ts';
import { selfMuted } from './streaming-transitions.ts';

type Kind = keyof MuteState;

/**
 * One's own microphone and camera switches. They act at once, on the track and on the screen, and
 * the node is told; when it refuses, the last state it agreed to comes back.
 */
export class MuteControl {
  readonly #api: Pick<Api, 'updateParticipant'>;
  readonly #store: StreamingStore;
  /** What was asked for and not yet answered. */
  readonly #pending = new Map<Kind, { muted: boolean; agreed: boolean }>();
  /** The node hears of switches in the order they were made. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(api: Pick<Api, 'updateParticipant'>, store: StreamingStore) {
    this.#api = api;
    this.#store = store;
  }

  /** What a roster that is older than the last switch must not undo. */
  get pending(): Partial<MuteState> {
    return Object.fromEntries([...this.#pending].map(([kind, { muted }]) => [kind, muted]));
  }

  /**
   * @param why the device is gone: nobody chose to mute it
   *
   * Rejects with the node's refusal, after everything is back as it was. */
  async set(kind: Kind, muted: boolean, why: { deviceLost?: true } = {}): Promise<void> {
    const { room, self } = this.#store.state;
    if (!room || !self) return;
    if (!muted && self.held?.[kind]) throw heldByModerator(kind);
    const request = { muted, agreed: this.#pending.get(kind)?.agreed ?? self.muted[kind] };
    this.#pending.set(kind, request);
    this.#show(kind, muted);
    const told = this.#tail.then(() =>
      this.#api.updateParticipant(
        room.roomId,
        self.peerId,
        muted ? { action: 'mute', scope: kind, ...why } : { action: 'unmute', scope: kind },
      ),
    );
    this.#tail = told.catch(() => undefined);
    try {
      await told;
      const newer = this.#pending.get(kind);
      if (newer && newer !== request) newer.agreed = muted;
    } catch (error) {
      if (this.#pending.get(kind) === request) this.#show(kind, request.agreed);
      throw error;
    } finally {
      if (this.#pending.get(kind) === request) this.#pending.delete(kind);
    }
  }

  /** Makes the tracks of the local stream match what the room says, e.g. after joining. */
  applyToTracks(): void {
    const { self } = this.#store.state;
    for (const track of self?.stream?.getTracks() ?? []) {
      track.enabled = !self?.muted[track.kind as Kind];
    }
  }

  /** The room is left: its answers are of no interest any more. */
  reset(): void {
    this.#pending.clear();
  }

  #show(kind: Kind, muted: boolean): void {
    this.#store.apply(selfMuted, { [kind]: muted });
    this.applyToTracks();
  }
}

const HELD: Record<Kind, string> = {
  audio: 'A moderator muted your microphone. Only a moderator can lift that, or its time limit.',
  video: 'A moderator turned your camera off. Only a moderator can lift that, or its time limit.',
};

function heldByModerator(kind: Kind): ProtocolError {
  return new ProtocolError('muted-by-moderator', HELD[kind]);
}
