import type { JoinRoomResponse, Room } from '../../protocol/rooms.ts';
import type { Api } from '../api/client.ts';
import type { Bridge } from '../bridge/bridge.ts';
import type { StreamingState } from './streaming.ts';

/**
 * How long the window that recorded until now has to finish its take. It learns at once that it was
 * replaced, and its encoder may lag a second or two; one that is still not done is gone.
 */
export const HAND_OVER_MS = 5_000;

const PAUSED =
  'The recording was paused when you went on in this window, so it was finished. Start another when you want one.';

export interface RecordingTakeoverOptions {
  api: Pick<Api, 'setRecording'>;
  bridge: Pick<Bridge, 'call'>;
  problem: (error: unknown) => void;
}

/**
 * The host goes on in another window while the room is recorded: the window they left finishes its
 * take, or main does for one that is gone, and this one then records the next. The same where main
 * crashed and was started again: it finishes the take that ran from its journal, and the window
 * records the next. So the recording goes on, and the room says at each moment what is true.
 */
export class RecordingTakeover {
  readonly #options: RecordingTakeoverOptions;
  /** Runs while that take is not over. */
  #patience: ReturnType<typeof setTimeout> | undefined;
  /** The latest take of the room that the host is in. */
  #recordingId: string | undefined;
  /** The host had paused it: what they say now is not to be recorded unasked. */
  #paused = false;

  constructor(options: RecordingTakeoverOptions) {
    this.#options = options;
  }

  /** The take of another window, or of a start of main that is gone, has to end first. */
  get waits(): boolean {
    return this.#patience !== undefined;
  }

  /**
   * To be told what the node answered to a join: the page may show it later than the other window
   * ends its take.
   */
  entered({ room, participant }: Pick<JoinRoomResponse, 'room' | 'participant'>): void {
    this.#recordingId = room.recordingId;
    this.#paused = room.recordingPausedAt !== undefined;
    if (participant.role === 'host' && wasBegun(room)) this.#wait();
  }

  /** Another start of main finishes this window's own take, which ran when the former one died. */
  restarted(recordingId: string | undefined): void {
    this.#recordingId = recordingId;
    this.#paused = false;
    this.#wait();
  }

  /** To be told of every state of the room. */
  follow({ phase, self, room }: StreamingState): void {
    if (!this.waits || phase === 'joining') return;
    if (phase !== 'inside' || self?.role !== 'host' || !room) {
      this.#forget();
      return;
    }
    this.#recordingId = room.recordingId;
    if (wasBegun(room) || room.recording === 'stopping') return;
    this.#forget();
    if (room.recording !== 'off') return;
    if (this.#paused) {
      this.#options.problem(new Error(PAUSED));
      return;
    }
    this.#options.api.setRecording(room.roomId, true).catch(this.#options.problem);
  }

  /** The host wants no recording after all, or leaves: the take that is left is finished. */
  async giveUp(): Promise<void> {
    if (!this.waits) return;
    this.#forget();
    await this.#finishTake();
  }

  #wait(): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(
      () => void this.#finishTake().catch(this.#options.problem),
      HAND_OVER_MS,
    );
  }

  async #finishTake(): Promise<void> {
    const recordingId = this.#recordingId;
    if (recordingId !== undefined)
      await this.#options.bridge.call('recording.stop', { recordingId });
  }

  #forget(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }
}

/** Somebody's take runs. Until main knows of one, anybody may begin it. */
function wasBegun({ recording, recordingId }: Room): boolean {
  return recording === 'recording' || (recording === 'starting' && recordingId !== undefined);
}
