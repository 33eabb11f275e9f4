import { expect, test } from 'vitest';
import { videoOptions } from '../../../../main/recording/editing/render-options.ts';
import { otioTimeline } from '../../../../main/recording/editing/timeline.ts';
import { fileNamePart } from '../../../../main/recording/export/file-name.ts';

test.each([
  ['Ada Lovelace', 'Ada Lovelace'],
  ['../../etc/passwd', 'etc passwd'],
  ['C:\\Users\\x', 'C Users x'],
  ['a\u0000b\u202Ec', 'a b c'],
  ['Zoë 김 ☕', 'Zoë 김 ☕'],
  ['...', 'Unnamed'],
  ['con', 'Unnamed con'],
])('somebody called %j has files called %j', (name, part) => {
  expect(fileNamePart(name, 'Unnamed')).toBe(part);
});

test('a picture is black where there was none', () => {
  const [, filters] = videoOptions({ width: 641, height: 360 }, [{ fromMs: 0, toMs: 1500 }]);
  expect(filters).toContain('scale=642:360');
  expect(filters).toContain('between(t\\,0.000\\,1.500)');
});

test('a file that begins late has a gap before it on the timeline', () => {
  const clip = { name: 'Ada', kind: 'video' as const, fileName: '01 Ada ☕.mkv' };
  const timeline = otioTimeline('Talk', [{ ...clip, startMs: 1500, durationMs: 4000 }]);
  expect(timeline).toMatchObject({
    OTIO_SCHEMA: 'Timeline.1',
    tracks: {
      children: [
        {
          kind: 'Video',
          children: [
            { OTIO_SCHEMA: 'Gap.1', source_range: { duration: { rate: 1000, value: 1500 } } },
            {
              OTIO_SCHEMA: 'Clip.2',
              media_references: { DEFAULT_MEDIA: { target_url: '01%20Ada%20%E2%98%95.mkv' } },
            },
          ],
        },
      ],
    },
  });
});
