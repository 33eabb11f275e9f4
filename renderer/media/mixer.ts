import { diffTracks, type TrackSource } from './programme-sources.ts';

interface Input {
  node: MediaStreamAudioSourceNode;
  gain: GainNode;
}

/** Web Audio API 1.1 section 1.2.6, not yet among TypeScript's own types. */
type ContextOptions = AudioContextOptions & { sinkId: { type: 'none' } };

/**
 * Nobody hears this context, so it drives no device; and blocks of 20 ms, which no viewer can
 * tell, cost a third of what the shortest ones do.
 */
const CONTEXT: ContextOptions = { sampleRate: 48_000, latencyHint: 0.02, sinkId: { type: 'none' } };

/** Seconds over which a voice fades in and out, so that coming and going does not click. */
const FADE_S = 0.02;

/** A browser that waits for a click leaves `resume()` unanswered for ever. */
const RESUME_TIMEOUT_MS = 3_000;

/**
 * The room as one sound: every voice through its own gain into a compressor, which keeps many
 * voices at once from clipping. The sound never stops, silence is sound too: a recorder that gets
 * no audio would stall.
 *
 * Chromium feeds a remote WebRTC track into Web Audio only while some media element plays it
 * (crbug.com/933677); the room's page does that for everybody's ears anyway.
 */
export class Mixer {
  /** The mixed sound. */
  readonly track: MediaStreamTrack;
  readonly #context = new AudioContext(CONTEXT);
  readonly #bus: DynamicsCompressorNode;
  readonly #silence: ConstantSourceNode;
  readonly #failed: () => void;
  readonly #inputs = new Map<string, Input>();
  readonly #tracks = new Map<string, MediaStreamTrack>();

  #stopping = false;

  /** @param failed told when the sound has stopped by itself. */
  constructor(failed: () => void) {
    this.#failed = failed;
    const out = this.#context.createMediaStreamDestination();
    this.#bus = new DynamicsCompressorNode(this.#context, { threshold: -12, ratio: 4, knee: 12 });
    this.#bus.connect(out);
    this.#silence = new ConstantSourceNode(this.#context, { offset: 0 });
    this.#silence.connect(out);
    this.#silence.start();
    const [track] = out.stream.getAudioTracks();
    if (!track) throw new Error('The audio mixer has no output.');
    this.track = track;
  }

  /** Starts the clock. Rejects where the browser wants a click first (autoplay policy). */
  async start(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refusal = new Promise<never>((_, reject) => {
      const sentence = 'The browser keeps the sound off. Click into the page, then record again.';
      timer = setTimeout(() => reject(new Error(sentence)), RESUME_TIMEOUT_MS);
    });
    await Promise.race([this.#context.resume(), refusal]).finally(() => clearTimeout(timer));
    this.#context.onstatechange = () => {
      if (this.#context.state !== 'running' && !this.#stopping) this.#failed();
    };
  }

  /** Mixes these voices and no others. */
  update(voices: readonly TrackSource[]): void {
    const { remove, add } = diffTracks(this.#tracks, voices);
    for (const id of remove) this.#remove(id);
    for (const source of add) this.#add(source);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const id of [...this.#inputs.keys()]) this.#remove(id);
    this.#silence.stop();
    this.track.stop();
    await this.#context.close();
  }

  #add({ id, track }: TrackSource): void {
    const node = this.#context.createMediaStreamSource(new MediaStream([track]));
    const gain = new GainNode(this.#context, { gain: 0 });
    gain.gain.setTargetAtTime(1, this.#context.currentTime, FADE_S);
    node.connect(gain).connect(this.#bus);
    this.#inputs.set(id, { node, gain });
    this.#tracks.set(id, track);
  }

  #remove(id: string): void {
    const input = this.#inputs.get(id);
    input?.node.disconnect();
    input?.gain.disconnect();
    this.#inputs.delete(id);
    this.#tracks.delete(id);
  }
}
