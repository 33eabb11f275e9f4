/** How often is looked whether frames are there. */
const LOOK_MS = 50;
/** A track that is switched off brings none for as long as it is: then it is looked for less often. */
const PATIENCE_MS = 10_000;
const LOOK_SELDOM_MS = 500;

type Stats = () => Promise<RTCStatsReport | undefined>;

interface Awaited {
  track: MediaStreamTrack;
  frames: number;
  done: (isThere: boolean) => void;
}

/** Tells when frames of tracks that one connection brings are decoded, before anything shows them. */
export class DecodedFrames {
  readonly #stats: Stats;
  readonly #awaited = new Set<Awaited>();
  #isLooking = false;
  #lookSeldomFrom = 0;

  constructor(stats: Stats) {
    this.#stats = stats;
  }

  /**
   * Resolves with `true` once so many frames of a picture are decoded, or any sound has come;
   * with `false` once the track is over.
   */
  of(track: MediaStreamTrack, frames: number): Promise<boolean> {
    this.#lookSeldomFrom = performance.now() + PATIENCE_MS;
    return new Promise((done) => {
      this.#awaited.add({ track, frames, done });
      if (!this.#isLooking) void this.#look();
    });
  }

  stop(): void {
    for (const { done } of this.#awaited) done(false);
    this.#awaited.clear();
  }

  /** All of them by one report: many come at once when somebody enters a large room. */
  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#awaited.size > 0) {
      const report = await this.#stats().catch(() => undefined);
      for (const awaited of [...this.#awaited]) {
        const { track, frames, done } = awaited;
        const enough = track.kind === 'video' ? frames : 1;
        const isThere = decodedOf(report, track.kind, track.id) >= enough;
        if (!isThere && track.readyState === 'live') continue;
        this.#awaited.delete(awaited);
        done(isThere && track.readyState === 'live');
      }
      await pause(performance.now() < this.#lookSeldomFrom ? LOOK_MS : LOOK_SELDOM_MS);
    }
    this.#isLooking = false;
  }
}

/** Resolves once so many frames more are decoded, or after so long. */
export async function moreFrames(stats: Stats, frames: number, withinMs: number): Promise<void> {
  const before = decodedOf(await stats(), 'video');
  for (let passedMs = 0; passedMs < withinMs; passedMs += LOOK_MS) {
    if (decodedOf(await stats(), 'video') >= before + frames) return;
    await pause(LOOK_MS);
  }
}

/** Frames of a picture, packets of sound: of one track, or of all. */
function decodedOf(report: RTCStatsReport | undefined, kind: string, trackId?: string): number {
  let decoded = 0;
  for (const entry of report?.values() ?? []) {
    if (entry.type !== 'inbound-rtp' || entry.kind !== kind) continue;
    if (trackId !== undefined && entry.trackIdentifier !== trackId) continue;
    decoded += Number((kind === 'video' ? entry.framesDecoded : entry.packetsReceived) ?? 0);
  }
  return decoded;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
