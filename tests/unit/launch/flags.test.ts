import { describe, expect, it } from 'vitest';
import { parseStartFlags } from '../../../scripts/setup/flags.mjs';

describe('the flags of npm start', () => {
  it('starts with any free port and a window when nothing is said', () => {
    expect(parseStartFlags([], '/home/ada')).toEqual({
      host: undefined,
      data: undefined,
      port: 0,
      open: true,
      json: false,
      help: false,
    });
  });

  it('takes every known flag, with = or without', () => {
    const flags = ['--host=browser', '--data', 'studio', '--port', '8080', '--no-open', '--json'];
    expect(parseStartFlags(flags, '/home/ada')).toEqual({
      host: 'browser',
      data: '/home/ada/studio',
      port: 8080,
      open: false,
      json: true,
      help: false,
    });
  });

  it.each([
    [['--prot', '1'], /no flag --prot.*--host, --data, --port/],
    [['-x'], /no flag -x/],
    [['studio'], /"studio" is not a flag/],
    [['--host', 'chrome'], /electron or browser, not "chrome"/],
    [['--port', '65536'], /0 to 65535, not "65536"/],
    [['--port', '80a'], /not "80a"/],
    [['--port=-1'], /not "-1"/],
    [['--port'], /--port needs a value/],
    [['--data', '--json'], /--data needs a value/],
    [['--data='], /--data needs a value/],
    [['--json=yes'], /--json takes no value/],
  ])('refuses %j with a sentence that helps', (args, sentence) => {
    expect(() => parseStartFlags(args)).toThrowError(
      expect.objectContaining({
        code: 'bad-arguments',
        exitCode: 2,
        message: expect.stringMatching(sentence),
      }),
    );
  });
});
