/** How often is looked whether a first frame is there. */
const LOOK_MS = 50;
/** A track that is switched off brings none for as long as it is: then it is looked for less often. */
const PATIENCE_MS = 10_000;
const LOOK_SELDOM_MS = 500;

/** The first frames come in fits and starts: a picture that is to follow another one waits for these. */
const STEADY_FRAMES = 5;

/** Tells when frames of a track are decoded, before anything shows it. */
export class DecodedFrames {
  #isStopped = false;

  /** Resolves with whether it comes steadily; `false` once the track is over. */
  async first(receiver: RTCRtpReceiver | undefined, track: MediaStreamTrack): Promise<boolean> {
    const stats = async () => receiver?.getStats();
    for (let passedMs = 0; !this.#isStopped && track.readyState === 'live'; ) {
      const enough = track.kind === 'video' ? STEADY_FRAMES : 1;
      if (decodedOf(await stats(), track.kind) >= enough) return true;
      const waitMs = passedMs < PATIENCE_MS ? LOOK_MS : LOOK_SELDOM_MS;
      passedMs += waitMs;
      await pause(waitMs);
    }
    return false;
  }

  /** Resolves once video comes steadily that did not come by now, or after so long. */
  async more(stats: () => Promise<RTCStatsReport | undefined>, withinMs: number): Promise<void> {
    const before = decodedOf(await stats(), 'video');
    for (let passedMs = 0; !this.#isStopped && passedMs < withinMs; passedMs += LOOK_MS) {
      if (decodedOf(await stats(), 'video') >= before + STEADY_FRAMES) return;
      await pause(LOOK_MS);
    }
  }

  stop(): void {
    this.#isStopped = true;
  }
}

/** Frames of a picture, samples of sound. */
function decodedOf(report: RTCStatsReport | undefined, kind: string): number {
  let decoded = 0;
  for (const entry of report?.values() ?? []) {
    if (entry.type !== 'inbound-rtp' || entry.kind !== kind) continue;
    decoded += Number((kind === 'video' ? entry.framesDecoded : entry.packetsReceived) ?? 0);
  }
  return decoded;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
