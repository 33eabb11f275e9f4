/** Pictures that are compared, the first of a take: a second of them at full pace. */
const COMPARED_PICTURES = 30;

/**
 * Chromium (156) stamps a packet of Opus, 60 ms of sound, with the time at which its last 20 ms
 * were captured (`AudioTrackOpusEncoder`), so all sound of a take lies that much late in it.
 */
const SOUND_STAMPED_LATE_MS = 40;

/**
 * When the pictures of a take were at zero on the take's clock, by the host's: what most of them
 * say, since one may have waited for the encoder.
 *
 * @param paintedAtMs when each was handed to the recorder, by the host's clock, in their order
 * @param stampsMs their times in the take
 */
export function pictureZeroMs(
  paintedAtMs: readonly number[],
  stampsMs: readonly number[],
): number | undefined {
  const zeros = stampsMs
    .slice(0, COMPARED_PICTURES)
    .flatMap((stampMs, index) => {
      const atMs = paintedAtMs[index];
      return atMs === undefined ? [] : [atMs - stampMs];
    })
    .toSorted((a, b) => a - b);
  return zeros[zeros.length >> 1];
}

/**
 * Finds out when a take began on the host's clock. A recorder does not tell: its clock is at zero
 * with whatever reaches it first, 25 to 69 ms after its start and later where its sound is. So the first pictures' times in
 * the stream are compared with the moments at which they were painted.
 */
export class TakeBeginning {
  readonly #found: (beganAtMs: number) => void;
  #slices: Blob[] = [];
  #paintedAtMs: number[] = [];
  #done = false;

  /** @param found told once, in ms since the epoch; never where the stream can't be read. */
  constructor(found: (beganAtMs: number) => void) {
    this.#found = found;
  }

  /** The pictures that were handed to the recorder since it was last told. */
  painted(atMs: readonly number[]): void {
    if (!this.#done) this.#paintedAtMs.push(...atMs);
  }

  /** The next piece of the stream. */
  slice(slice: Blob): void {
    if (this.#done) return;
    this.#slices.push(slice);
    if (this.#paintedAtMs.length < COMPARED_PICTURES) return;
    this.#done = true;
    void this.#find(new Blob(this.#slices), this.#paintedAtMs);
    this.#slices = [];
    this.#paintedAtMs = [];
  }

  async #find(stream: Blob, paintedAtMs: readonly number[]): Promise<void> {
    try {
      const zeroMs = pictureZeroMs(paintedAtMs, await pictureTimesMs(stream));
      if (zeroMs === undefined) throw new Error('it has no pictures');
      this.#found(zeroMs - SOUND_STAMPED_LATE_MS);
    } catch (error) {
      console.warn('When this take began is known less well: its stream can’t be read.', error);
    }
  }
}

/** The times of a Matroska stream's pictures; of one that breaks off, of those that are whole. */
async function pictureTimesMs(stream: Blob): Promise<number[]> {
  const { BlobSource, EncodedPacketSink, Input, MATROSKA, WEBM } = await import('mediabunny');
  const input = new Input({ source: new BlobSource(stream), formats: [MATROSKA, WEBM] });
  try {
    const track = await input.getPrimaryVideoTrack();
    if (!track) return [];
    const times: number[] = [];
    const packets = new EncodedPacketSink(track).packets(undefined, undefined, {
      metadataOnly: true,
    });
    for await (const { timestamp } of packets) times.push(timestamp * 1000);
    return times;
  } finally {
    input.dispose();
  }
}
