import type { SignedFor } from '../../../protocol/live-manifest.ts';
import type { ManifestSigner } from '../manifest/manifest.ts';
import type { PublishedMedia } from '../packaging/published-media.ts';
import { LiveManifestSigner } from './live-manifest-signer.ts';
import { LivePlaylist } from './live-playlist.ts';

/** A recording as its viewers get it while it is being made. */
export class LiveRecording {
  readonly manifest: LiveManifestSigner;
  readonly playlist: LivePlaylist;
  readonly #media: PublishedMedia;
  readonly #over: AbortSignal;

  /** @param over aborted when the finished replay has taken its place */
  constructor(
    recording: SignedFor,
    media: PublishedMedia,
    { signer, over }: { signer: ManifestSigner; over: AbortSignal },
  ) {
    this.manifest = new LiveManifestSigner(recording, media, signer);
    this.playlist = new LivePlaylist(media);
    this.#media = media;
    this.#over = over;
  }

  /** How many segments are published. */
  get segments(): number {
    return this.#media.segments.length;
  }

  /**
   * Resolves when the segment at this place (counted from 0) is published, when the recording is
   * over, or when `waiting` aborts: then nothing has come, as while the host pauses.
   */
  async reached(index: number, waiting: AbortSignal): Promise<void> {
    const enough = AbortSignal.any([waiting, this.#over]);
    try {
      await this.#media.grownBeyond(index, enough);
    } catch (error) {
      if (!enough.aborted) throw error;
    }
  }
}
