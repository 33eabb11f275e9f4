import { z } from 'zod';
import { DisplayName } from './identity.ts';
import { PeerId } from './rooms.ts';

/** Chosen by the window; also the name of the track's file, so nothing but these characters. */
export const TrackId = z.string().regex(/^trk_[A-Za-z0-9_-]{16}$/, 'must be a trackId');

/** Codecs whose encoded frames can be kept and written into Matroska as they are. */
export const TrackCodec = z.enum(['opus', 'vp8', 'vp9', 'h264', 'av1']);
export type TrackCodec = z.infer<typeof TrackCodec>;

/** What one separate track is: one source of one participant, in one codec, on one RTP clock. */
export const TrackDescription = z
  .object({
    trackId: TrackId,
    peerId: PeerId,
    /** As the room showed it when the track began. */
    name: DisplayName,
    kind: z.enum(['audio', 'video']),
    codec: TrackCodec,
    /** Which of the programme's takes was under way when the track began, counted from 0. */
    take: z.int().nonnegative(),
    /** When that take began on the host's clock, in ms since the epoch. */
    takeStartedAtMs: z.number().positive(),
  })
  .refine(({ kind, codec }) => (kind === 'audio') === (codec === 'opus'), {
    path: ['codec'],
    message: 'must be a codec of that kind',
  });
export type TrackDescription = z.infer<typeof TrackDescription>;

/** Ticks a second of a track's timestamps: Opus (RFC 7587, section 4.1) and video (RFC 3551, section 5). */
export const TRACK_CLOCK_RATE = { audio: 48_000, video: 90_000 } as const;

/** The codec a MIME type of WebRTC's names; `undefined` for one that can't be kept. */
export function trackCodecOf(mimeType: string): TrackCodec | undefined {
  const name = mimeType.split('/')[1]?.toLowerCase();
  return TrackCodec.safeParse(name).data;
}
