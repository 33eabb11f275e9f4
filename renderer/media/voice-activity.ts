import { loudnessOf } from './loudness.ts';

/** How often is listened. */
const LISTEN_MS = 150;
/** Sound that is louder is a voice: RMS of samples from -1 to 1; rooms are quieter. */
const VOICE_RMS = 0.015;
/** Pauses between words are no silence. */
const HOLD_MS = 600;
const SAMPLES = 1024;

interface Watched {
  stream: MediaStream;
  tell: (speaks: boolean) => void;
  analyser: AnalyserNode;
  track: MediaStreamTrack | undefined;
  source: MediaStreamAudioSourceNode | undefined;
  heardAt: number;
  speaks: boolean;
}

/** Notices who speaks, whichever way their sound came. One audio context for all. */
export class VoiceActivity {
  readonly #watched = new Set<Watched>();
  readonly #samples = new Float32Array(SAMPLES);
  #context: AudioContext | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * Tells whenever somebody begins or ceases to speak. A stream's track may be another at any time.
   * Answers how to end that.
   */
  watch(stream: MediaStream, tell: (speaks: boolean) => void): () => void {
    const context = this.#context ?? new AudioContext();
    this.#context = context;
    const analyser = context.createAnalyser();
    analyser.fftSize = SAMPLES;
    const none = { track: undefined, source: undefined, speaks: false };
    const watched: Watched = {
      ...{ stream, tell, analyser, ...none },
      heardAt: Number.NEGATIVE_INFINITY,
    };
    this.#watched.add(watched);
    this.#timer ??= setInterval(() => this.#listen(), LISTEN_MS);
    return () => {
      watched.source?.disconnect();
      this.#watched.delete(watched);
      if (this.#watched.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#context = undefined;
      void context.close();
    };
  }

  #listen(): void {
    // Suspended until the first click; in a room there was one.
    if (this.#context?.state === 'suspended') void this.#context.resume();
    const now = performance.now();
    for (const watched of this.#watched) {
      this.#followTrack(watched);
      watched.analyser.getFloatTimeDomainData(this.#samples);
      if (loudnessOf(this.#samples) > VOICE_RMS) watched.heardAt = now;
      const speaks = now - watched.heardAt < HOLD_MS;
      if (speaks === watched.speaks) continue;
      watched.speaks = speaks;
      watched.tell(speaks);
    }
  }

  #followTrack(watched: Watched): void {
    const [track] = watched.stream.getAudioTracks();
    if (track === watched.track || !this.#context) return;
    watched.track = track;
    watched.source?.disconnect();
    watched.source = undefined;
    if (!track) return;
    watched.source = this.#context.createMediaStreamSource(new MediaStream([track]));
    watched.source.connect(watched.analyser);
  }
}
