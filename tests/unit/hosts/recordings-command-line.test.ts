import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRecordingsCommand } from '../../../main/hosts/recordings/command-line.ts';

const ID = 'rec_0123456789abcdef';

describe('the recordings command', () => {
  it('takes a folder and a form for every command', () => {
    expect(parseRecordingsCommand(['recover', '--data', 'd', '--json'])).toEqual({
      command: 'recover',
      dataDir: resolve('d'),
      json: true,
    });
    expect(parseRecordingsCommand(['--help']).command).toBe('help');
  });

  it('verifies some recordings or all', () => {
    expect(parseRecordingsCommand(['verify', ID])).toMatchObject({ recordingIds: [ID] });
    expect(parseRecordingsCommand(['verify'])).toMatchObject({ recordingIds: [] });
  });

  it('exports for every player unless told otherwise', () => {
    expect(parseRecordingsCommand(['export', ID, '--to', 'x'])).toMatchObject({
      recordingIds: [ID],
      folder: resolve('x'),
      format: 'compatible',
    });
    expect(parseRecordingsCommand(['export', ID, '--as-recorded'])).toMatchObject({
      folder: undefined,
      format: 'as-recorded',
    });
  });

  it('exports separate tracks when told how their pictures are wanted', () => {
    expect(parseRecordingsCommand(['export', ID])).toMatchObject({ tracks: undefined });
    expect(parseRecordingsCommand(['export', ID, '--tracks', 'received'])).toMatchObject({
      tracks: 'received',
    });
  });

  it.each([
    { args: [] },
    { args: ['compress'] },
    { args: ['export'] },
    { args: ['export', ID, '--tracks', 'mp3'] },
    { args: ['export', ID, '--tracks', 'received', '--as-recorded'] },
    { args: ['verify', '../../etc'] },
    { args: ['list', '--sort', 'colour'] },
    { args: ['list', 'everything'] },
    { args: ['prune', '--force'] },
  ])('$args is refused as a wrong command line', ({ args }) => {
    expect(() => parseRecordingsCommand(args)).toThrow(
      expect.objectContaining({ code: 'bad-arguments', exitCode: 2 }),
    );
  });
});
