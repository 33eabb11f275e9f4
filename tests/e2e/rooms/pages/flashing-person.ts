/** Between two flashes; each lasts 200 ms, with a beep of the same length. */
const PERIOD_MS = 2_000;
const FLASH_MS = 200;

/** Somebody whose camera flashes and whose microphone beeps at the same moments. */
export class FlashingPerson {
  readonly stream: MediaStream;
  readonly #canvas = document.createElement('canvas');
  readonly #audio = new AudioContext({ sampleRate: 48_000 });
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #startedAtMs = performance.now() + 500;

  constructor(hertz: number, size: { width: number; height: number }) {
    Object.assign(this.#canvas, size);
    this.#timer = setInterval(() => this.#paint(), 33);
    this.#paint();
    const out = this.#audio.createMediaStreamDestination();
    const gain = new GainNode(this.#audio, { gain: 0 });
    const tone = new OscillatorNode(this.#audio, { frequency: hertz });
    tone.connect(gain).connect(out);
    tone.start();
    const fromS = this.#audio.currentTime + (this.#startedAtMs - performance.now()) / 1000;
    for (let count = 0; count < 60; count += 1) {
      const atS = fromS + (count * PERIOD_MS) / 1000;
      gain.gain.setValueAtTime(0.5, atS);
      gain.gain.setValueAtTime(0, atS + FLASH_MS / 1000);
    }
    this.stream = new MediaStream([
      ...this.#canvas.captureStream(30).getTracks(),
      ...out.stream.getTracks(),
    ]);
  }

  /** The camera turns: its pictures are of another size from now on. */
  resize(size: { width: number; height: number }): void {
    Object.assign(this.#canvas, size);
    this.#paint();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const track of this.stream.getTracks()) track.stop();
    await this.#audio.close();
  }

  #paint(): void {
    const context = this.#canvas.getContext('2d');
    const sinceMs = performance.now() - this.#startedAtMs;
    const on = sinceMs >= 0 && sinceMs % PERIOD_MS < FLASH_MS;
    if (!context) return;
    context.fillStyle = on ? 'white' : 'black';
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    // An unchanging canvas sends no frames.
    context.fillStyle = '#111';
    context.fillRect((sinceMs / 10) % this.#canvas.width, 0, 2, 2);
  }
}
