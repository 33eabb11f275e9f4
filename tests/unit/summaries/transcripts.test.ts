import { describe, expect, it } from 'vitest';
import { captionsOf } from '../../../main/summaries/captions.ts';
import { argumentsOf } from '../../../main/summaries/command-recogniser.ts';
import { extractSummary } from '../../../main/summaries/extract-summary.ts';
import { wavOf } from '../../../main/summaries/speech-audio.ts';
import { readTranscript } from '../../../main/summaries/transcript-formats.ts';

const HELLO = [
  { startMs: 500, endMs: 2000, text: 'Good evening.' },
  { startMs: 2000, endMs: 4200, text: 'The harbour sings.' },
];

describe('what a recogniser says', () => {
  it.each([
    [
      'OpenAI’s verbose JSON',
      JSON.stringify({
        language: 'english',
        segments: [
          { id: 0, start: 0.5, end: 2, text: ' Good evening.' },
          { id: 1, start: 2, end: 4.2, text: ' The harbour sings.' },
        ],
      }),
      'en',
    ],
    [
      'whisper.cpp’s JSON',
      JSON.stringify({
        result: { language: 'en' },
        transcription: [
          { offsets: { from: 500, to: 2000 }, text: ' Good evening.' },
          { offsets: { from: 2000, to: 4200 }, text: ' The harbour sings.' },
        ],
      }),
      'en',
    ],
    [
      'WebVTT',
      'WEBVTT\n\n00:00.500 --> 00:02.000\n<v Ada>Good evening.\n\n1\n00:00:02.000 --> 00:00:04.200 align:start\nThe harbour\nsings.\n',
      'und',
    ],
    [
      'the lines of whisper-cli',
      '[00:00:00.500 --> 00:00:02.000]   Good evening.\n[00:00:02.000 --> 00:00:04.200]   The harbour sings.\n',
      'und',
    ],
    [
      'SRT',
      '1\r\n00:00:00,500 --> 00:00:02,000\r\nGood evening.\r\n\r\n2\r\n00:00:02,000 --> 00:00:04,200\r\nThe harbour sings.\r\n',
      'und',
    ],
  ])('is read as %s', (_form, text, language) => {
    expect(readTranscript(text, 5000)).toEqual({ language, cues: HELLO });
  });

  it('is read as words with times, which become cues at pauses', () => {
    const words = [
      'good evening and welcome',
      '<s> 0.000 0.100 1.000000',
      'good 0.110 0.400 0.99',
      'evening(2) 0.410 0.900 0.8',
      '<sil> 0.910 2.000 1.0',
      'and 2.010 2.200 1.5e-05',
      'welcome 2.210 2.800 0.7',
      '</s> 2.810 3.000 1.000000',
    ];
    expect(readTranscript(words.join('\n'), 3000)?.cues).toEqual([
      { startMs: 110, endMs: 900, text: 'good evening' },
      { startMs: 2010, endMs: 2800, text: 'and welcome' },
    ]);
  });

  it('may have no times, or no words', () => {
    expect(readTranscript('{"text":" All of it. "}', 5000)).toEqual({
      language: 'und',
      cues: [{ startMs: 0, endMs: 5000, text: 'All of it.' }],
    });
    expect(readTranscript('  \n', 5000)).toEqual({ language: 'und', cues: [] });
    expect(readTranscript('{"segments":[{"start":0,"end":1,"text":"  "}]}', 5000)?.cues).toEqual(
      [],
    );
  });

  it.each(['Error: no such model', '{"error":"quota"}', '{', '<html></html>', '[1]'])(
    'is refused as %j',
    (text) => {
      expect(readTranscript(text, 5000)).toBeUndefined();
    },
  );

  it('keeps times in order where they are rubbish, and languages that are none out', () => {
    const odd = { language: 'Klingon!', segments: [{ start: -5, end: -9, text: 'nuqneH' }] };
    expect(readTranscript(JSON.stringify(odd), 5000)).toEqual({
      language: 'und',
      cues: [{ startMs: 0, endMs: 1, text: 'nuqneH' }],
    });
  });
});

describe('captions', () => {
  it('have two short lines at most, and no markup of anybody’s', () => {
    const text = `${'word '.repeat(40)}<script>alert(1)</script> & more`;
    const vtt = captionsOf({ language: 'en', cues: [{ startMs: 61_500, endMs: 81_500, text }] });
    expect(vtt.startsWith('WEBVTT\n\n00:01:01.500 --> ')).toBe(true);
    expect(vtt).toContain('&lt;script&gt;');
    const blocks = vtt.trim().split('\n\n').slice(1);
    expect(blocks.length).toBeGreaterThan(2);
    for (const block of blocks) {
      const [, ...lines] = block.split('\n');
      expect(lines.length).toBeLessThanOrEqual(2);
    }
    expect(blocks.at(-1)).toContain('--> 00:01:21.500');
  });
});

describe('a recogniser’s command line', () => {
  it('is split as a person means it, and no shell reads it', () => {
    expect(
      argumentsOf(`whisper-cli -m "my models/base.bin" -f {input} --prompt='a b' -oj`),
    ).toEqual(['whisper-cli', '-m', 'my models/base.bin', '-f', '{input}', '--prompt=a b', '-oj']);
    expect(argumentsOf('recognise {input}; rm -rf $(HOME)')).toEqual([
      ...['recognise', '{input};', 'rm', '-rf', '$(HOME)'],
    ]);
  });
});

describe('sound for recognisers', () => {
  it('is a WAV file of 16 bits', () => {
    const wav = wavOf(Buffer.alloc(32_000));
    expect(wav.length).toBe(32_044);
    expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
    expect(wav.readUInt32LE(24)).toBe(16_000);
    expect(wav.readUInt32LE(40)).toBe(32_000);
  });
});

describe('an extractive summary', () => {
  const talk = [
    'Good evening and welcome to the harbour radio.',
    'Well.',
    'The new lighthouse of the harbour opens on Friday at eight.',
    'You know, it has been raining all week long here.',
    'Tickets for the choir at the lighthouse are sold at the harbour office.',
    'The choir sings songs of the harbour that nobody has heard for years.',
    'Thank you all for listening and see you next week.',
  ];
  const cues = talk.map((text, index) => ({
    startMs: index * 10_000,
    endMs: index * 10_000 + 9_000,
    text,
  }));

  it('is of sentences that were said, in their order, at their times', () => {
    const bullets = extractSummary({ language: 'en', cues }, 9 * 60_000);
    expect(bullets).toHaveLength(3);
    for (const { atMs, text } of bullets) {
      expect(talk[atMs / 10_000]).toBe(text);
      expect(text.split(' ').length).toBeGreaterThanOrEqual(5);
    }
    expect(bullets.map(({ atMs }) => atMs)).toEqual(
      bullets.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
    );
  });

  it('does without punctuation, and without anything to say', () => {
    const plain = cues.map((cue) => ({ ...cue, text: cue.text.toLowerCase().replaceAll('.', '') }));
    const bullets = extractSummary({ language: 'und', cues: plain }, 60_000);
    expect(bullets.length).toBeGreaterThan(0);
    expect(bullets[0]?.text).toMatch(/^[A-Z]/);
    expect(extractSummary({ language: 'en', cues: [] }, 60_000)).toEqual([]);
  });
});
