import { z } from 'zod';
import { Timestamp } from './encoding.ts';
import { RecordingId } from './recordings.ts';

/** A stretch of speech. */
export const TranscriptCue = z.object({
  startMs: z.int().nonnegative(),
  endMs: z.int().nonnegative(),
  text: z.string().min(1).max(2000),
});
export type TranscriptCue = z.infer<typeof TranscriptCue>;

/** A day of talk has some 40,000. */
const MAX_CUES = 100_000;

export const Transcript = z.object({
  /** BCP 47, as far as the recogniser says; `und` where it does not. */
  language: z.string().max(35),
  cues: z.array(TranscriptCue).max(MAX_CUES),
});
export type Transcript = z.infer<typeof Transcript>;

export const SummaryBullet = z.object({
  /** Where in the recording it is said, from its beginning. */
  atMs: z.int().nonnegative(),
  text: z.string().trim().min(1, 'must not be empty').max(500),
});
export type SummaryBullet = z.infer<typeof SummaryBullet>;

/** Bullets of a summary. */
export const MAX_BULLETS = 40;
const Bullets = z.array(SummaryBullet).min(1).max(MAX_BULLETS);

/**
 * What a summary was made of: a language model's words on the transcript, sentences of the
 * transcript that were chosen on the host's machine, or nothing but the marked chapters.
 */
export const SummaryOrigin = z.enum(['model', 'extract', 'chapters']);
export type SummaryOrigin = z.infer<typeof SummaryOrigin>;

export const StreamSummary = z.object({
  summaryId: z.string(),
  recordingId: RecordingId,
  language: z.string(),
  bullets: Bullets,
  generatedAt: Timestamp,
  origin: SummaryOrigin,
  /** When its host last changed its words; absent where they are as they were made. */
  editedAt: Timestamp.optional(),
  /** There are a transcript and captions. */
  hasTranscript: z.boolean(),
});
/** What was said in a stream, in a few lines that lead to their times. */
export type StreamSummary = z.infer<typeof StreamSummary>;

export const UpdateSummaryRequest = z.object({ bullets: Bullets });
export type UpdateSummaryRequest = z.infer<typeof UpdateSummaryRequest>;

const EndpointUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
  .max(2048);
const Model = z.string().trim().max(200);

/** What turns speech into text. */
export const RecogniserSettings = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  /** A program on this computer: `{input}` in it stands for a WAV file, 16 kHz, mono. */
  z.object({
    kind: z.literal('command'),
    command: z
      .string()
      .trim()
      .min(1, 'must not be empty')
      .max(4096)
      .refine((text) => text.includes('{input}'), 'must say where the sound goes: {input}'),
  }),
  /** whisper.cpp's server, at its `/inference`. */
  z.object({ kind: z.literal('whisper-server'), url: EndpointUrl }),
  /** Any OpenAI-compatible `/v1/audio/transcriptions`. */
  z.object({ kind: z.literal('openai'), url: EndpointUrl, model: Model.default('whisper-1') }),
]);
export type RecogniserSettings = z.infer<typeof RecogniserSettings>;

/** What makes bullets of a transcript: this computer alone, or an OpenAI-compatible chat endpoint. */
export const SummariserSettings = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('extract') }),
  z.object({ kind: z.literal('openai'), url: EndpointUrl, model: Model.min(1) }),
]);
export type SummariserSettings = z.infer<typeof SummariserSettings>;

export const SummarySettings = z.object({
  recogniser: RecogniserSettings,
  summariser: SummariserSettings,
});
export type SummarySettings = z.infer<typeof SummarySettings>;

/** A key for either endpoint; empty forgets it. It lies among the studio's secrets. */
export const EndpointKeys = z.object({
  recogniser: z.string().max(500).optional(),
  summariser: z.string().max(500).optional(),
});
export type EndpointKeys = z.infer<typeof EndpointKeys>;

/** The settings as the window shows them: that there is a key, not which. */
export const ShownSummarySettings = SummarySettings.extend({
  hasKeys: z.object({ recogniser: z.boolean(), summariser: z.boolean() }),
});
export type ShownSummarySettings = z.infer<typeof ShownSummarySettings>;
