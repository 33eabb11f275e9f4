import {
  initStatement,
  LIVE_MANIFEST_PAGE,
  type LiveManifest,
  type SignedFor,
  segmentStatement,
} from '../../../protocol/live-manifest.ts';
import type { ManifestSigner } from '../manifest/manifest.ts';
import { INIT_URI } from '../packaging/playlist.ts';
import type { PublishedMedia } from '../packaging/published-media.ts';

/** Name under which a replay serves it while it is being made. */
export const LIVE_MANIFEST_NAME = 'live.json';

/**
 * Signs the segments of one running recording, each once, when somebody first asks for it: a
 * recording that nobody watches live costs nothing.
 */
export class LiveManifestSigner {
  readonly #recording: SignedFor;
  readonly #media: Pick<PublishedMedia, 'files' | 'segments'>;
  readonly #signer: ManifestSigner;
  /** By place. Segments never change once they are published. */
  readonly #signatures: string[] = [];
  #initSignature: string | undefined;

  constructor(
    recording: SignedFor,
    media: Pick<PublishedMedia, 'files' | 'segments'>,
    signer: ManifestSigner,
  ) {
    this.#recording = recording;
    this.#media = media;
    this.#signer = signer;
  }

  /**
   * The segments from a place on, {@link LIVE_MANIFEST_PAGE} at most; `undefined` before there is
   * anything to play.
   *
   * @param from counted from 0; beyond the end the answer has no segments
   */
  page(from: number): LiveManifest | undefined {
    const init = this.#media.files.get(INIT_URI);
    if (!init) return undefined;
    const { userId, publicKey } = this.#signer;
    const segments = this.#media.segments.slice(from, from + LIVE_MANIFEST_PAGE);
    this.#initSignature ??= this.#sign(initStatement(this.#recording, init));
    return {
      version: 1,
      ...this.#recording,
      host: { userId, publicKey },
      init: { ...init, signature: this.#initSignature },
      from,
      segments: segments.map((segment, offset) => {
        const index = from + offset;
        this.#signatures[index] ??= this.#sign(segmentStatement(this.#recording, index, segment));
        return { ...segment, signature: this.#signatures[index] };
      }),
    };
  }

  #sign(statement: string): string {
    return this.#signer.sign(new TextEncoder().encode(statement));
  }
}
