import { z } from 'zod';
import type { Transcript, TranscriptCue } from '../../protocol/summaries.ts';

/** `verbose_json` of OpenAI-compatible endpoints and of whisper.cpp's server. */
const VerboseJson = z.object({
  language: z.string().optional(),
  segments: z.array(z.object({ start: z.number(), end: z.number(), text: z.string() })),
});
/** What `whisper-cli -oj` writes. */
const WhisperJson = z.object({
  result: z.object({ language: z.string() }).optional(),
  transcription: z.array(
    z.object({ offsets: z.object({ from: z.number(), to: z.number() }), text: z.string() }),
  ),
});
/** A recogniser that knows no times. */
const PlainJson = z.object({ text: z.string(), language: z.string().optional() });

/** A pause between words after which another cue begins, and the most that one says. */
const PAUSE_MS = 400;
const CUE_MS = 6_000;
const CUE_CHARACTERS = 84;

/**
 * Reads what recognisers say: JSON of OpenAI-compatible endpoints and of whisper.cpp, the lines that
 * `whisper-cli` prints, WebVTT, SRT, or words with their times as `pocketsphinx_continuous -time yes` prints them. `undefined` for
 * anything else.
 *
 * @param durationMs of the sound: what has no times is all of it
 */
export function readTranscript(text: string, durationMs: number): Transcript | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) return fromJson(trimmed, durationMs);
  const printed = fromPrintedLines(trimmed);
  if (printed.length > 0) return { language: 'und', cues: printed };
  if (trimmed.includes('-->')) return { language: 'und', cues: fromCueText(trimmed) };
  const words = timedWords(trimmed);
  if (words.length > 0) return { language: 'und', cues: cuesOfWords(words) };
  return trimmed === '' ? { language: 'und', cues: [] } : undefined;
}

function fromJson(text: string, durationMs: number): Transcript | undefined {
  const json = parseJson(text);
  const verbose = VerboseJson.safeParse(json);
  if (verbose.success) {
    const { language, segments } = verbose.data;
    return transcriptOf(
      language,
      segments.map(({ start, end, text: said }) => cueOf(start * 1000, end * 1000, said)),
    );
  }
  const whisper = WhisperJson.safeParse(json);
  if (whisper.success) {
    const { result, transcription } = whisper.data;
    return transcriptOf(
      result?.language,
      transcription.map(({ offsets, text: said }) => cueOf(offsets.from, offsets.to, said)),
    );
  }
  const plain = PlainJson.safeParse(json);
  if (!plain.success) return undefined;
  return transcriptOf(plain.data.language, [cueOf(0, durationMs, plain.data.text)]);
}

function transcriptOf(
  language: string | undefined,
  cues: readonly (TranscriptCue | undefined)[],
): Transcript {
  return { language: languageTag(language), cues: cues.filter((cue) => cue !== undefined) };
}

/** Whisper says "english" in one place and "en" in another. */
const NAMED: Record<string, string> = {
  english: 'en',
  german: 'de',
  french: 'fr',
  spanish: 'es',
  portuguese: 'pt',
  italian: 'it',
  dutch: 'nl',
  polish: 'pl',
  russian: 'ru',
  ukrainian: 'uk',
  japanese: 'ja',
  chinese: 'zh',
  korean: 'ko',
  turkish: 'tr',
  arabic: 'ar',
};

function languageTag(language: string | undefined): string {
  const said = language?.trim().toLowerCase() ?? '';
  const tag = NAMED[said] ?? said;
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(tag) ? tag : 'und';
}

const CUE_TIMES = /^((?:\d+:)?\d+:\d+[.,]\d+)\s+-->\s+((?:\d+:)?\d+:\d+[.,]\d+)/;

/** What `whisper-cli` prints: `[00:00:00.500 --> 00:00:02.000]   Good evening.` */
function fromPrintedLines(text: string): TranscriptCue[] {
  const cues = text.split(/\r?\n/).map((line) => {
    const said = /^\[([\d:.]+) --> ([\d:.]+)\]\s+(.*)$/.exec(line.trim());
    return said && cueOf(clockMs(said[1] ?? ''), clockMs(said[2] ?? ''), said[3] ?? '');
  });
  return cues.filter((cue) => cue !== undefined && cue !== null);
}

/** WebVTT and SRT, of which times and words are taken. */
function fromCueText(text: string): TranscriptCue[] {
  const cues: (TranscriptCue | undefined)[] = [];
  for (const block of text.split(/\r?\n\s*\r?\n/)) {
    const lines = block.split(/\r?\n/);
    const at = lines.findIndex((line) => CUE_TIMES.test(line));
    const times = CUE_TIMES.exec(lines[at] ?? '');
    if (!times) continue;
    const words = lines
      .slice(at + 1)
      .join(' ')
      .replaceAll(/<[^>]*>/g, '');
    cues.push(cueOf(clockMs(times[1] ?? ''), clockMs(times[2] ?? ''), words));
  }
  return cues.filter((cue) => cue !== undefined);
}

interface Word {
  startMs: number;
  endMs: number;
  word: string;
}

/** Lines of a word, its begin, its end and how sure it is; `<s>` and the like are no words. */
function timedWords(text: string): Word[] {
  const words: Word[] = [];
  for (const line of text.split(/\r?\n/)) {
    const said = /^(\S+)\s+(\d+\.\d+)\s+(\d+\.\d+)\s+\d+(?:\.\d+)?(?:e-?\d+)?$/.exec(line.trim());
    if (!said || /^[<[{+]/.test(said[1] ?? '')) continue;
    const word = (said[1] ?? '').replace(/\(\d+\)$/, '');
    words.push({ word, startMs: Number(said[2]) * 1000, endMs: Number(said[3]) * 1000 });
  }
  return words;
}

function cuesOfWords(words: readonly Word[]): TranscriptCue[] {
  const groups: Word[][] = [];
  for (const word of words) {
    const group = groups.at(-1);
    const [first, last] = [group?.[0], group?.at(-1)];
    const length = (group ?? []).reduce((sum, { word: said }) => sum + said.length + 1, 0);
    const goesOn =
      first !== undefined &&
      last !== undefined &&
      word.startMs - last.endMs < PAUSE_MS &&
      word.endMs - first.startMs < CUE_MS &&
      length + word.word.length < CUE_CHARACTERS;
    if (goesOn) group?.push(word);
    else groups.push([word]);
  }
  return groups
    .map((group) =>
      cueOf(
        group[0]?.startMs ?? 0,
        group.at(-1)?.endMs ?? 0,
        group.map(({ word }) => word).join(' '),
      ),
    )
    .filter((cue) => cue !== undefined);
}

/** `undefined` for what says nothing. */
function cueOf(startMs: number, endMs: number, text: string): TranscriptCue | undefined {
  const words = text.replaceAll(/\s+/g, ' ').trim().slice(0, 2000);
  if (words === '' || !Number.isFinite(startMs) || !Number.isFinite(endMs)) return undefined;
  const from = Math.max(0, Math.round(startMs));
  return { startMs: from, endMs: Math.max(from + 1, Math.round(endMs)), text: words };
}

function clockMs(text: string): number {
  const parts = text.replace(',', '.').split(':').map(Number);
  return parts.reduce((sum, part) => sum * 60 + part, 0) * 1000;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
