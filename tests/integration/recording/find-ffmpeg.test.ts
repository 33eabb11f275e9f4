import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findFfmpeg, firstWorking } from '../../../main/recording/packaging/find-ffmpeg.ts';
import { temporaryFolder } from './studio-fixture.ts';

describe('looking for ffmpeg', () => {
  it('finds one that runs, and says which version it is', async () => {
    expect(await findFfmpeg()).toMatchObject({
      path: expect.stringContaining('ffmpeg'),
      version: expect.stringMatching(/^n?\d/),
    });
  });

  it('passes over what is missing and what is something else', async () => {
    const other = join(await temporaryFolder(), 'ffmpeg');
    await writeFile(other, '#!/bin/sh\necho something else\n');
    await chmod(other, 0o755);
    const found = await firstWorking([undefined, '/nowhere/ffmpeg', other, 'ffmpeg']);
    expect(found.path).toBe('ffmpeg');
  });

  it('says what to do when there is none', async () => {
    expect(await firstWorking([undefined, '/nowhere/ffmpeg'])).toEqual({
      path: undefined,
      problem: expect.stringContaining('apt install ffmpeg'),
    });
  });
});
