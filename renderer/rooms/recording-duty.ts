import { ProtocolError } from '../../protocol/errors.ts';
import type { JoinRoomResponse } from '../../protocol/rooms.ts';
import type { Api } from '../api/client.ts';
import type { Bridge } from '../bridge/bridge.ts';
import type { ChatLine } from '../chat/chat-history.ts';
import { RoomRecorder, type StartedProgramme } from '../media/room-recorder.ts';
import type { FrameTaps } from '../tracks/frame-tap.ts';
import { separateTracksChosen } from '../tracks/separate-tracks-choice.ts';
import { TrackRecorder } from '../tracks/track-recorder.ts';
import { programmeOf } from './programme.ts';
import { RecordingTakeover } from './recording-takeover.ts';
import type { RecordingMarker, StreamingState } from './streaming.ts';
import type { StreamingStore } from './streaming-store.ts';
import { problemMet, recorderChanged } from './streaming-transitions.ts';

export interface RecordingDutyOptions {
  api: Pick<Api, 'setRecording'>;
  store: StreamingStore;
  bridge: Pick<Bridge, 'call' | 'onAway' | 'onRestart'>;
  /** Where separate tracks come from; `undefined` where none can be had. */
  taps?: () => readonly FrameTaps[];
}

/** What was said this long before a take is counted in: it was on its way, or said into a pause. */
const HEARD_LATE_MS = 5000;

/**
 * The host's window records: the room says when (`room.recording`), this makes it happen, follows
 * who comes and goes, and finishes the recording however the room is left.
 */
export class RecordingDuty {
  readonly #options: RecordingDutyOptions;
  readonly #takeover: RecordingTakeover;
  #recorder: RoomRecorder | undefined;
  /** A start that failed is not tried again before the room has said anything else. */
  #answered = false;
  #finishing: Promise<void> = Promise.resolve();
  /** This window recorded when main died. */
  #wasRecording = false;

  constructor(options: RecordingDutyOptions) {
    this.#options = options;
    const { bridge, store } = options;
    bridge.onAway((away) => {
      if (away) this.#wasRecording = isRecording(store.state);
    });
    bridge.onRestart(() => {
      if (!this.#wasRecording) return;
      this.#wasRecording = false;
      this.#takeover.restarted(store.state.room?.recordingId);
      // The node may have been back before the bridge, with the rest finished already.
      this.#takeover.follow(store.state);
    });
    this.#takeover = new RecordingTakeover({ ...options, problem: (error) => this.#tell(error) });
    store.api.subscribe((state, former) => this.#follow(state, former));
  }

  /** The node has let us into a room: the host may have been recording it in another window. */
  entered(answer: JoinRoomResponse): void {
    this.#takeover.entered(answer);
  }

  /**
   * Flushes and closes a recording in progress, also one that another window of the host's began;
   * resolves when its replay is ready.
   */
  async finish(): Promise<void> {
    await Promise.all([this.#finishOwn(), this.#takeover.giveUp()]);
  }

  #finishOwn(): Promise<void> {
    const recorder = this.#recorder;
    if (recorder) {
      this.#recorder = undefined;
      this.#finishing = this.#finish(recorder);
    }
    return this.#finishing;
  }

  /** Rejects with `recording-not-found` where nothing is being recorded here. */
  async setPaused(paused: boolean): Promise<void> {
    await this.#requireRecorder().setPaused(paused);
  }

  /** Marks this moment. Rejects with `recording-not-found` where nothing is being recorded here. */
  async mark(): Promise<RecordingMarker> {
    const position = this.#requireRecorder().position;
    if (!position) throw notRecording();
    const { recordingId, take, takeMs, atMs } = position;
    const at = { recordingId, take, takeMs };
    return { ...(await this.#options.bridge.call('recording.mark', at)), recordingId, atMs };
  }

  async nameMarker({ recordingId, markerId }: RecordingMarker, label: string): Promise<void> {
    await this.#options.bridge.call('recording.labelMarker', { recordingId, markerId, label });
  }

  /**
   * Keeps a message with the recording that runs here, where the host wants that, and where it was
   * said while that ran.
   *
   * @param agoMs how long ago it was said.
   */
  async keepChat({ role: _role, ...message }: ChatLine, agoMs: number): Promise<void> {
    const position = this.#recorder?.position;
    if (!position || !this.#options.store.state.room?.keepsChat) return;
    const { recordingId, take } = position;
    const takeMs = position.takeMs - agoMs;
    if (takeMs < -HEARD_LATE_MS) return;
    await this.#options.bridge.call('recording.keepChat', {
      ...{ recordingId, take, message },
      takeMs: Math.max(0, takeMs),
    });
  }

  /** A message was taken away: it is not kept any more either. */
  async forgetChat(messageId: string): Promise<void> {
    const recordingId = this.#recorder?.position?.recordingId;
    if (recordingId === undefined) return;
    await this.#options.bridge.call('recording.forgetChat', { recordingId, messageId });
  }

  #requireRecorder(): RoomRecorder {
    if (this.#recorder) return this.#recorder;
    throw notRecording();
  }

  #follow(state: StreamingState, former: StreamingState): void {
    this.#takeover.follow(state);
    const wanted = wantsRecording(state) && !this.#takeover.waits;
    if (state.room?.recording !== 'starting') this.#answered = false;
    if (this.#recorder && !wanted) void this.#finishOwn();
    else if (state.room?.recording === 'starting' && wanted && !this.#recorder && !this.#answered) {
      this.#answered = true;
      void this.#start(state.room.roomId);
    } else if (this.#recorder && programmeChanged(state, former)) {
      this.#recorder.update(programmeOf(state));
    }
  }

  async #start(roomId: string): Promise<void> {
    const { store, bridge, api } = this.#options;
    await this.#finishing;
    if (!wantsRecording(store.state)) return;
    const recorder = new RoomRecorder({
      bridge,
      roomId,
      changed: (status) => store.apply(recorderChanged, status),
      ...(separateTracksChosen() && {
        tracks: (programme: StartedProgramme) => this.#keepTracks(programme),
      }),
    });
    this.#recorder = recorder;
    try {
      await recorder.start(programmeOf(store.state));
      // Somebody may have come or gone while it started.
      recorder.update(programmeOf(store.state));
    } catch (error) {
      if (this.#recorder === recorder) this.#recorder = undefined;
      this.#tell(error);
      await api.setRecording(roomId, false).catch((e) => this.#tell(e));
    }
  }

  #keepTracks(programme: StartedProgramme): TrackRecorder {
    const { bridge, taps = () => [] } = this.#options;
    return new TrackRecorder({
      ...{ ...programme, bridge, taps },
      problem: (sentence) => this.#tell(new Error(sentence)),
    });
  }

  async #finish(recorder: RoomRecorder): Promise<void> {
    try {
      await recorder.stop();
    } catch (error) {
      this.#tell(error);
    }
  }

  #tell(error: unknown): void {
    console.error('The recording met a problem.', error);
    const code = error instanceof ProtocolError ? error.code : 'recording-failed';
    const message = error instanceof Error ? error.message : String(error);
    this.#options.store.apply(problemMet, { code, message });
  }
}

function isRecording({ recorder }: StreamingState): boolean {
  return recorder.state === 'recording' || recorder.state === 'restarting';
}

function notRecording(): ProtocolError {
  return new ProtocolError('recording-not-found', 'This room is not being recorded here.');
}

function wantsRecording({ phase, self, room }: StreamingState): boolean {
  if (phase !== 'inside' || self?.role !== 'host') return false;
  return room?.recording === 'starting' || room?.recording === 'recording';
}

function programmeChanged(state: StreamingState, former: StreamingState): boolean {
  return (
    state.participants !== former.participants ||
    state.links !== former.links ||
    state.self !== former.self
  );
}
