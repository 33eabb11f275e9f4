import { describe, expect, it } from 'vitest';
import { enrolmentLink, nodeOrigin, readEnrolmentLink } from '../../../protocol/node-link.ts';

const TOKEN = 'T'.repeat(43);
const FINGERPRINT = `${'0F:'.repeat(31)}A1`;
const refused = (words: RegExp) =>
  expect.objectContaining({ code: 'validation-failed', message: expect.stringMatching(words) });

describe('an invitation to enrol', () => {
  it('is read as it was made', () => {
    const made = { origin: 'https://rooms.example:8443', token: TOKEN, fingerprint: FINGERPRINT };
    expect(readEnrolmentLink(enrolmentLink(made))).toEqual(made);
    const { fingerprint: _none, ...trusted } = made;
    expect(readEnrolmentLink(` ${enrolmentLink(trusted)}\n`)).toEqual(trusted);
  });

  it('may be no more than the node’s address', () => {
    expect(readEnrolmentLink('https://rooms.example/')).toEqual({
      origin: 'https://rooms.example',
    });
  });

  it('goes over http to this computer alone', () => {
    for (const host of ['127.0.0.1:4600', 'localhost:4600', '[::1]:4600', '127.8.9.1']) {
      expect(nodeOrigin(`http://${host}`)).toBe(`http://${host}`);
    }
    for (const host of [
      'rooms.example',
      '192.168.1.20',
      '127.0.0.1.rooms.example',
      'localhost.x',
    ]) {
      expect(() => nodeOrigin(`http://${host}`)).toThrow(refused(/https/));
    }
  });

  it.each([
    ['rooms.example', /no address/],
    ['swarmstudio://join/x', /no address/],
    ['javascript:alert(1)', /no address/],
    ['https://sam:secret@rooms.example', /no address/],
    ['', /no address/],
    [`https://rooms.example/enrol#token=${TOKEN.slice(1)}`, /not whole/],
    [`https://rooms.example/enrol#token=${TOKEN}&cert=ABCD`, /not whole/],
  ])('is refused when it is %j', (text, words) => {
    expect(() => readEnrolmentLink(text)).toThrow(refused(words));
  });
});
