/** Reads a camera's frames and keeps the newest, which outlives the end of the source. */
export class FrameSource {
  readonly #reader: ReadableStreamDefaultReader<VideoFrame>;
  #latest: VideoFrame | undefined;
  #closed = false;

  constructor(readable: ReadableStream<VideoFrame>) {
    this.#reader = readable.getReader();
    void this.#read();
  }

  /** The newest picture; still ours to close. `undefined` until the first has come. */
  get latest(): VideoFrame | undefined {
    return this.#latest;
  }

  /** Stops reading and frees the picture. */
  close(): void {
    this.#closed = true;
    this.#latest?.close();
    this.#latest = undefined;
    this.#reader.cancel().catch((error) => console.info('The camera’s frames had ended.', error));
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) return;
        if (this.#closed) {
          value.close();
          return;
        }
        this.#latest?.close();
        this.#latest = value;
      }
    } catch (error) {
      // The last picture stays, as it does when a source ends.
      console.warn('The frames of a camera broke off.', error);
    }
  }
}
