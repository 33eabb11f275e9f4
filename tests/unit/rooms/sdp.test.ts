import { describe, expect, it } from 'vitest';
import { sdpSessionId, soleFingerprint } from '../../../renderer/rooms/sdp.ts';

const A = 'a=fingerprint:sha-256 AB:CD:EF';
const B = 'a=fingerprint:sha-256 12:34:56';

describe('the fingerprint of a description', () => {
  it('is found, with its algorithm in lower and its hex in upper case', () => {
    expect(soleFingerprint(`v=0\r\na=fingerprint:SHA-256 ab:cd:ef\r\n`)).toEqual({
      fingerprint: 'sha-256 AB:CD:EF',
    });
  });

  it('may be repeated for each medium', () => {
    expect(soleFingerprint(`v=0\r\n${A}\r\nm=audio\r\n${A}\r\n`)).toEqual({
      fingerprint: 'sha-256 AB:CD:EF',
    });
  });

  it.each([
    ['two different ones', `${A}\r\nm=video\r\n${B}\r\n`],
    ['one hidden behind a lone carriage return', `${A}\ra=fingerprint:sha-256 12:34\r\n`],
    ['one hidden behind a line separator', `${A}\u2028${B}\r\n`],
    ['one in another spelling', `${A}\r\nA=Fingerprint:sha-256 12:34:56\r\n`],
    ['one that can not be read', `${A}\r\na=fingerprint:sha-256 AB:CD:EF and more\r\n`],
  ])('is not trusted beside %s', (_what, sdp) => {
    expect(soleFingerprint(sdp)).toEqual({ problem: 'ambiguous' });
  });

  it('is not trusted when it can be forged', () => {
    expect(soleFingerprint('a=fingerprint:sha-1 AB:CD\r\n')).toEqual({ problem: 'weak' });
  });

  it('is missed where there is none', () => {
    expect(soleFingerprint('v=0\r\n')).toEqual({ problem: 'missing' });
  });
});

it('a connection is known by the session id of its description', () => {
  expect(sdpSessionId('v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\n')).toBe(
    '4611731400430051336',
  );
  expect(sdpSessionId('v=0\r\n')).toBeUndefined();
});
