import model from 'wink-eng-lite-web-model';
import winkNLP, { type WinkMethods } from 'wink-nlp';
import type { SummaryBullet, Transcript } from '../../protocol/summaries.ts';

/** A bullet for each few minutes, within bounds. */
const MINUTES_PER_BULLET = 3;
const LEAST = 3;
const MOST = 12;
/** Shorter sentences say little by themselves, longer ones are no bullets. */
const SHORT_WORDS = 5;
const LONG_CHARACTERS = 280;

let wink: WinkMethods | undefined;

/**
 * The sentences of a transcript that say most, in their order. They are chosen on this computer
 * (winkNLP's `sentenceWiseImportance`), and their words are those that were said. Recognisers without
 * punctuation give no sentences: then each cue is one.
 */
export function extractSummary({ cues }: Transcript, durationMs: number): SummaryBullet[] {
  // Loaded when it is first needed: the model has some 4 MB.
  wink ??= winkNLP(model);
  const { its } = wink;
  const text = cues.map((cue) => ended(cue.text)).join(' ');
  const doc = wink.readDoc(text);
  const sentences = doc.sentences().out() as string[];
  const importance = doc.out(its.sentenceWiseImportance as never) as unknown as {
    importance: number;
  }[];
  const wanted = Math.min(
    MOST,
    Math.max(LEAST, Math.round(durationMs / 60_000 / MINUTES_PER_BULLET)),
  );
  let from = 0;
  const placed = sentences.map((sentence, index) => {
    const at = text.indexOf(sentence, from);
    if (at >= 0) from = at + sentence.length;
    return { sentence, at: Math.max(0, at), weight: importance[index]?.importance ?? 0 };
  });
  const telling = placed.filter(({ sentence }) => sentence.split(/\s+/).length >= SHORT_WORDS);
  return (telling.length > 0 ? telling : placed)
    .filter(({ sentence }) => /\p{L}/u.test(sentence))
    .sort((a, b) => b.weight - a.weight || b.sentence.length - a.sentence.length)
    .slice(0, wanted)
    .sort((a, b) => a.at - b.at)
    .map(({ sentence, at }) => ({ atMs: startOf(cues, at), text: shortened(sentence) }));
}

/** A cue without an end of its own is a sentence. */
function ended(text: string): string {
  return /[.!?…]["'”’)]?$/.test(text) ? text : `${text}.`;
}

/** When the character at this place of the joined cues is said. */
function startOf(cues: Transcript['cues'], place: number): number {
  let characters = 0;
  for (const cue of cues) {
    const next = characters + ended(cue.text).length + 1;
    if (place < next) return cue.startMs;
    characters = next;
  }
  return cues.at(-1)?.startMs ?? 0;
}

function shortened(sentence: string): string {
  const words = sentence.replaceAll(/\s+/g, ' ').trim();
  const capital = words.charAt(0).toUpperCase() + words.slice(1);
  if (capital.length <= LONG_CHARACTERS) return capital;
  return `${capital.slice(0, capital.lastIndexOf(' ', LONG_CHARACTERS))} …`;
}
