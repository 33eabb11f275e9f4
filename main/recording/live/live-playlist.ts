import { playlistHead, segmentLines } from '../packaging/playlist.ts';
import type { PublishedMedia } from '../packaging/published-media.ts';

/**
 * Longest segment that a recorder with a keyframe every 2 s makes, with room to spare where one is
 * late: the target duration of a playlist must not change while it grows (RFC 8216 section 6.2.1).
 */
const TARGET_DURATION_S = 4;
/** What a player has seen and need not be told again: older than this, the least that is allowed. */
const SKIP_UNTIL_S = 6 * TARGET_DURATION_S;

/** The playlist of one running recording; what was rendered of it once is not rendered again. */
export class LivePlaylist {
  readonly #media: Pick<PublishedMedia, 'segments' | 'ivs'>;
  readonly #lines: string[] = [];
  #longestMs = 0;
  #whole: { segments: number; text: string } | undefined;

  constructor(media: Pick<PublishedMedia, 'segments' | 'ivs'>) {
    this.#media = media;
  }

  /**
   * All segments that are published, or with `skip` a delta update (`EXT-X-SKIP`, RFC 8216bis
   * section 4.4.5.2) of the last half minute.
   */
  render({ skip }: { skip: boolean }): string {
    const { segments, ivs } = this.#media;
    for (const segment of segments.slice(this.#lines.length)) {
      this.#longestMs = Math.max(this.#longestMs, segment.durationMs);
      this.#lines.push(segmentLines(segment, ivs?.[this.#lines.length]));
    }
    const skipped = skip ? this.#skippable() : 0;
    if (skipped > 0) {
      return text([
        ...this.#head(),
        `#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`,
        ...this.#lines.slice(skipped),
      ]);
    }
    if (this.#whole?.segments !== segments.length) {
      const whole = text([...this.#head(), ...this.#lines]);
      this.#whole = { segments: segments.length, text: whole };
    }
    return this.#whole.text;
  }

  #head(): string[] {
    return playlistHead({
      version: 9,
      type: 'EVENT',
      targetDurationS: Math.max(TARGET_DURATION_S, Math.round(this.#longestMs / 1000)),
      tags: [`#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=${SKIP_UNTIL_S}`],
    });
  }

  #skippable(): number {
    const { segments } = this.#media;
    let keptMs = 0;
    let index = segments.length;
    while (index > 0 && keptMs < SKIP_UNTIL_S * 1000) {
      index -= 1;
      keptMs += segments[index]?.durationMs ?? 0;
    }
    return index;
  }
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
