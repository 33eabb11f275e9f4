import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportName } from '../../../main/recording/export/file-name.ts';

const DAY = '2026-01-31T19:00:00.000Z';

describe('the file of an export', () => {
  it.each([
    ['Chor am Abend', 'Chor am Abend 2026-01-31'],
    ['  ', 'Recording 2026-01-31'],
    ['合唱团の夜 👩‍🎤', '合唱团の夜 👩‍🎤 2026-01-31'],
    ['../../etc/passwd', 'etc passwd 2026-01-31'],
    ['a/b\\c:d*e?"<f>|g', 'a b c d e f g 2026-01-31'],
    ['.hidden. ', 'hidden 2026-01-31'],
    ['CON', 'Recording CON 2026-01-31'],
    ['turned \u202eround\u0000', 'turned round 2026-01-31'],
  ])('%j is called %j', (title, name) => {
    expect(exportName(title, DAY)).toBe(name);
  });

  it('can be written on every file system, whatever the title', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (title) => {
        const name = exportName(title, DAY);
        expect(name).toMatch(/^[^<>:"/\\|?*\p{Cc}. ][^<>:"/\\|?*\p{Cc}]* 2026-01-31$/u);
        expect(Buffer.byteLength(`.${name} (1000).mp4.partial`)).toBeLessThanOrEqual(255);
        expect(name.isWellFormed()).toBe(true);
      }),
    );
  });
});
