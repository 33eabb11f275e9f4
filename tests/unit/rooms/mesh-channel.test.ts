import { describe, expect, it } from 'vitest';
import { MAX_PEER_MESSAGE_BYTES, type PeerMessage } from '../../../protocol/peer-messages.ts';
import {
  decodePeerMessage,
  encodePeerMessage,
  FloodGate,
} from '../../../renderer/rooms/mesh-channel.ts';

const key: PeerMessage = { type: 'frames:key', keyId: 7, secret: 'A'.repeat(43) };

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe('a message', () => {
  it('comes out as it went in', () => {
    expect(decodePeerMessage(bytes(encodePeerMessage(key)))).toEqual(key);
  });

  it.each([
    ['it is not JSON', bytes('{"type":')],
    ['it is not JSON', new Uint8Array([0xff, 0x00])],
    ['it is not valid', bytes('{"type":"frames:key","keyId":256,"secret":"short"}')],
    ['it is not valid', bytes('{"type":"something:else"}')],
    [
      `${MAX_PEER_MESSAGE_BYTES + 1} bytes are too many`,
      bytes(' '.repeat(MAX_PEER_MESSAGE_BYTES + 1)),
    ],
  ])('is refused where %s', (refused, data) => {
    expect(decodePeerMessage(data)).toEqual({ refused });
  });

  it('that is too long is not sent', () => {
    const long = { type: 'moderation:events', events: [{ reason: 'é'.repeat(33_000) }] };
    expect(() => encodePeerMessage(long as never)).toThrow(RangeError);
  });
});

describe('a peer', () => {
  it('that floods is heard a hundred times in ten seconds, and again after that', () => {
    let nowMs = 0;
    const gate = new FloodGate(() => nowMs);
    const passed = (count: number) =>
      Array.from({ length: count }, () => gate.passes()).filter(Boolean).length;
    expect(passed(150)).toBe(100);
    nowMs = 9_999;
    expect(passed(10)).toBe(0);
    nowMs = 10_000;
    expect(passed(150)).toBe(100);
  });
});
