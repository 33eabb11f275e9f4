import { ProtocolError } from '../../protocol/errors.ts';
import type { Transcript } from '../../protocol/summaries.ts';
import { readTranscript } from './transcript-formats.ts';

/** Turns a stretch of sound into words with times, counted from its beginning. */
export interface Recogniser {
  /**
   * @param wav 16 kHz, mono
   * @throws `recogniser-unreachable`, `recogniser-failed`
   */
  recognise(wav: Buffer, durationMs: number, signal: AbortSignal): Promise<Transcript>;
}

/** A recogniser's answer. Throws `recogniser-failed` for one that is none. */
export function transcriptFrom(answer: string, durationMs: number): Transcript {
  const transcript = readTranscript(answer, durationMs);
  if (transcript) return transcript;
  throw recogniserFailed(
    'it answered in none of the forms that are known (JSON, WebVTT, SRT, words with times)',
  );
}

export function recogniserFailed(how: string): ProtocolError {
  return new ProtocolError(
    'recogniser-failed',
    `The speech recogniser could not be used: ${how}. Try it in the settings of transcripts.`,
  );
}
