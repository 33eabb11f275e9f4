import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseLaunchOptions } from '../../../main/hosts/launch-options.ts';
import { parseStartFlags } from '../../../scripts/setup/flags.mjs';

describe('TURN on the command line', () => {
  const args = [
    '--turn-url',
    'turn:turn.example.org?transport=udp',
    '--turn-url=turns:turn.example.org:443?transport=tcp',
    '--turn-secret-file',
    'turn-secret',
  ];

  it('is as many servers as there are, and the file with their secret', () => {
    expect(parseLaunchOptions(args, 'strict')).toMatchObject({
      turnUrls: ['turn:turn.example.org?transport=udp', 'turns:turn.example.org:443?transport=tcp'],
      turnSecretFile: resolve('turn-secret'),
    });
  });

  it('is left to the settings where it says nothing', () => {
    expect(parseLaunchOptions([], 'strict')).toMatchObject({
      turnUrls: undefined,
      turnSecretFile: undefined,
    });
  });

  it.each([
    [['--turn-url', 'turn.example.org']],
    [['--turn-url=']],
    [['--turn-url', 'https://turn.example.org']],
    [['--turn-secret-file=']],
    [['--turn-secret-file']],
  ])('is refused when it is %j', (wrong) => {
    expect(() => parseLaunchOptions(wrong, 'strict')).toThrow(
      expect.objectContaining({ code: 'bad-arguments', exitCode: 2 }),
    );
  });

  it('goes through npm start, with a file named relative to where that was called', () => {
    expect(parseStartFlags(args, '/home/ada')).toMatchObject({
      turnUrls: ['turn:turn.example.org?transport=udp', 'turns:turn.example.org:443?transport=tcp'],
      turnSecretFile: '/home/ada/turn-secret',
    });
  });

  it.each([
    [['--turn-url'], /--turn-url needs a value, e.g. --turn-url turn:/],
    [['--turn-secret-file'], /--turn-secret-file needs a value/],
  ])('is refused by npm start when it is %j', (wrong, sentence) => {
    expect(() => parseStartFlags(wrong)).toThrow(sentence);
  });
});
