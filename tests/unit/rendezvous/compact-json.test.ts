import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCompactJson } from '../../../main/rendezvous/sockets/compact-json.ts';
import { SignalMessage } from '../../../protocol/messages.ts';

const candidate = {
  type: 'signal:candidate',
  roomId: 'room_0123456789',
  from: 'peer_0123456789',
  to: 'peer_9876543210',
  candidate: { candidate: 'candidate:1 1 udp 2122 192.0.2.1 5000', sdpMid: '0', sdpMLineIndex: 0 },
};
const compact = JSON.stringify(candidate);

/** As the node reads it: parsed, and only what the schema knows. */
const isPassedOn = (text: string) => isCompactJson(text, SignalMessage.parse(JSON.parse(text)));

describe('a signal is passed on as it came', () => {
  it('when it is the shortest text for what was validated, in whatever order', () => {
    const { type, ...rest } = candidate;
    expect(isPassedOn(compact)).toBe(true);
    expect(isPassedOn(JSON.stringify({ ...rest, type }))).toBe(true);
    expect(isPassedOn(JSON.stringify({ ...candidate, candidate: null }))).toBe(true);
    expect(isPassedOn(compact.replace('candidate:1', 'кандидат 🎥'))).toBe(true);
  });

  it.each([
    ['a key the schema does not know', compact.replace('{', '{"extra":1,')],
    ['one deep inside', compact.replace('"sdpMid"', '"extra":{},"sdpMid"')],
    ['a key twice', compact.replace('{', '{"from":"peer_abcdefghij",')],
    ['a key twice, written differently', compact.replace('{', '{"fr\\u006fm":"peer_abcdefghij",')],
    ['a prototype', compact.replace('{', '{"__proto__":{"to":"peer_abcdefghij"},')],
    ['whitespace', compact.replace(',', ', ')],
    ['an escape', compact.replace('udp', '\\u0075dp')],
    ['a line end, which needs an escape', compact.replace('udp', 'udp\\r\\n')],
    ['a number that an exponent shortens', compact.replace(':0}', ':1e3}')],
    ['a number below 0', compact.replace(':0}', ':-0}')],
  ])('but not with %s', (_what, text) => {
    expect(isPassedOn(text)).toBe(false);
  });

  it('never with a byte more than the value has', () => {
    // Keys that collide and values of every kind: the parsed value, written anew, is as long as
    // the text only if the text had nothing else in it.
    const members = fc.array(
      fc.tuple(
        fc.constantFrom('a', 'b', 'aa', '__proto__', '0'),
        fc.oneof(
          fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
          fc.constantFrom('1e2', '1E0', '0.0', '-0', '1000', '1e3', '"\\u0061"', '"\\/"', ' 1'),
        ),
      ),
    );
    fc.assert(
      fc.property(members, (pairs) => {
        const text = `{${pairs.map(([key, json]) => `"${key}":${json}`).join(',')}}`;
        const value: unknown = JSON.parse(text);
        if (!isCompactJson(text, value)) return;
        expect(text.length).toBe(JSON.stringify(value).length);
        const keys = pairs.map(([key]) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 2000 },
    );
  });
});
