import type { Transcript, TranscriptCue } from '../../protocol/summaries.ts';
import { vttTimestamp } from '../../protocol/vtt-timestamp.ts';

/** Characters of a line that people read at a glance, and lines of a cue. */
const LINE = 42;
const LINES = 2;

/** A transcript as captions (WebVTT): two lines at most, longer cues in parts. */
export function captionsOf({ cues }: Transcript): string {
  const blocks = cues.flatMap(partsOf).map(({ startMs, endMs, text }) => {
    const lines = wrapped(text).map(escaped).join('\n');
    return `${vttTimestamp(startMs)} --> ${vttTimestamp(endMs)}\n${lines}`;
  });
  return `${['WEBVTT', ...blocks].join('\n\n')}\n`;
}

/** Each part is shown as long as it has of the words. */
function partsOf(cue: TranscriptCue): TranscriptCue[] {
  const lines = wrapped(cue.text);
  const texts: string[] = [];
  for (let at = 0; at < lines.length; at += LINES) {
    texts.push(lines.slice(at, at + LINES).join(' '));
  }
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  let said = 0;
  return texts.map((text) => {
    const at = (characters: number) =>
      Math.round(cue.startMs + ((cue.endMs - cue.startMs) * characters) / total);
    const startMs = at(said);
    said += text.length;
    return { startMs, endMs: at(said), text };
  });
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= LINE) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
