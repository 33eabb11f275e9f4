import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseNodeOptions } from '../../../main/hosts/node/node-options.ts';
import { readNetworkFlags } from '../../../main/reach/network-flags.ts';
import { parseStartFlags } from '../../../scripts/setup/flags.mjs';

describe('the flags for other devices', () => {
  it('say nothing when nothing is said', () => {
    expect(readNetworkFlags({})).toEqual({});
  });

  it('take a network, a port, an address and a certificate', () => {
    expect(
      readNetworkFlags({
        listen: 'network',
        'network-port': '8443',
        'public-origin': 'https://studio.example:443/',
        'tls-cert': 'cert.pem',
        'tls-key': 'key.pem',
      }),
    ).toEqual({
      listen: 'network',
      networkPort: 8443,
      publicOrigin: 'https://studio.example',
      tls: { cert: resolve('cert.pem'), key: resolve('key.pem') },
    });
  });

  it.each([
    [{ listen: 'everywhere' }, /network or this-computer, not "everywhere"/],
    [{ listen: true }, /network or this-computer/],
    [{ 'network-port': '65536' }, /0 to 65535/],
    [{ 'public-origin': 'studio.example' }, /such as https/],
    [{ 'public-origin': 'http://studio.example' }, /camera/],
    [{ 'public-origin': 'https://studio.example/path' }, /no more than https:\/\/studio\.example/],
    [{ 'public-origin': 'https://me@studio.example' }, /no more than/],
    [{ 'tls-cert': 'cert.pem' }, /go together/],
    [{ 'tls-key': 'key.pem' }, /go together/],
    [{ 'tls-cert': 'cert.pem', 'tls-key': true }, /go together/],
  ])('are refused when they are %j', (values, sentence) => {
    expect(() => readNetworkFlags(values)).toThrow(
      expect.objectContaining({ code: 'bad-arguments', message: expect.stringMatching(sentence) }),
    );
  });
});

it('npm start hands the flags on, with files named from where it was called', () => {
  const args = ['--listen', 'network', '--tls-cert=c.pem', '--tls-key', '/k.pem'];
  expect(parseStartFlags(args, '/home/ada').network).toEqual([
    ...['--listen', 'network'],
    ...['--tls-cert', '/home/ada/c.pem'],
    ...['--tls-key', '/k.pem'],
  ]);
});

describe('the command line of a community’s node', () => {
  it('runs on this computer alone unless told otherwise', () => {
    expect(parseNodeOptions([])).toMatchObject({
      command: 'run',
      port: 0,
      listen: 'this-computer',
      open: false,
      json: false,
    });
  });

  it('takes a folder, a port, a name and the network', () => {
    const args = ['--data', 'd', '--port=443', '--listen', 'network', '--name', 'Choir', '--open'];
    expect(parseNodeOptions(args)).toMatchObject({
      dataDir: resolve('d'),
      port: 443,
      listen: 'network',
      name: 'Choir',
      open: true,
    });
  });

  it('takes STUN and TURN servers as a studio does', () => {
    const args = ['--turn-url', 'turn:turn.example', '--turn-url=stun:stun.example'];
    expect(parseNodeOptions([...args, '--turn-secret-file', 's'])).toMatchObject({
      turnUrls: ['turn:turn.example', 'stun:stun.example'],
      turnSecretFile: resolve('s'),
    });
  });

  it('makes invitations for one person and a week unless told otherwise', () => {
    expect(parseNodeOptions(['invite'])).toMatchObject({ command: 'invite', uses: 1, days: 7 });
    expect(parseNodeOptions(['invite', '--uses', '20', '--days=30'])).toMatchObject({
      uses: 20,
      days: 30,
    });
  });

  it('explains itself', () => {
    expect(parseNodeOptions(['--help'])).toEqual({ command: 'help' });
  });

  it.each([
    [['--network-port', '1']],
    [['--port', 'x']],
    [['--turn-url', 'https://turn.example']],
    [['--name', ' ']],
    [['revoke']],
    [['invite', 'ada']],
    [['invite', '--uses', '0']],
    [['invite', '--days', '366']],
    [['invite', '--days', 'seven']],
    [['--unknown']],
  ])('is refused when it is %j', (args) => {
    expect(() => parseNodeOptions(args)).toThrow(
      expect.objectContaining({ code: 'bad-arguments' }),
    );
  });
});
