import { describe, expect, it } from 'vitest';
import { deriveFrameKey } from '../../../../renderer/rooms/frame-encryption/frame-key.ts';
import { FrameOpener } from '../../../../renderer/rooms/frame-encryption/frame-opener.ts';
import {
  type EncodedFrame,
  FrameSealer,
} from '../../../../renderer/rooms/frame-encryption/frame-sealer.ts';

const SECRET = new Uint8Array(32).fill(7);
const ADA = { roomId: 'room_0123456789ab', peerId: 'peer_ada000000000' };

interface About {
  type?: string;
  mimeType?: string;
  ssrc?: number;
}

function frame(text: string, about: About = {}): EncodedFrame {
  const { type = 'delta', mimeType = 'video/VP8', ssrc = 1 } = about;
  return {
    data: new TextEncoder().encode(text).buffer as ArrayBuffer,
    type,
    getMetadata: () => ({ mimeType, synchronizationSource: ssrc }),
  };
}

const textOf = ({ data }: EncodedFrame) => new TextDecoder().decode(data);

async function sealed(text: string, about?: About) {
  const key = await deriveFrameKey(SECRET, ADA);
  const made = frame(text, about);
  const sealer = new FrameSealer(
    () => ({ keyId: 3, key }),
    () => undefined,
  );
  expect(await sealer.seal(made)).toBe(true);
  return made;
}

async function opener(keyId = 3, context = ADA) {
  const key = await deriveFrameKey(SECRET, context);
  return new FrameOpener((asked) => (asked === keyId ? key : undefined));
}

describe('a frame that was encrypted', () => {
  it('is read by whoever has the key', async () => {
    const made = await sealed('tag, then the picture');
    expect(await (await opener()).open(made)).toBeUndefined();
    expect(textOf(made)).toBe('tag, then the picture');
  });

  it('shows nothing but what packetizers need', async () => {
    const made = await sealed('tag, then the picture', { type: 'key' });
    expect(textOf(made).startsWith('tag, then ')).toBe(true);
    expect(textOf(made)).not.toContain('picture');
    const spoken = await sealed('Tspeech', { mimeType: 'audio/opus' });
    expect(textOf(spoken).startsWith('T')).toBe(true);
    expect(textOf(spoken)).not.toContain('speech');
  });

  it('is refused when a single bit of it was changed, clear bytes and trailer included', async () => {
    const { data } = await sealed('tag, then the picture');
    for (const at of [0, 5, data.byteLength - 14, data.byteLength - 13, data.byteLength - 2]) {
      const changed = frame('');
      changed.data = data.slice(0);
      const bytes = new Uint8Array(changed.data);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      expect(await (await opener()).open(changed)).toBe('forged');
    }
  });

  it('is refused under another sender’s name, in another room, and without the key', async () => {
    const made = await sealed('tag, then the picture');
    const elsewhere = { ...ADA, roomId: 'room_ba9876543210' };
    const somebody = { ...ADA, peerId: 'peer_eve000000000' };
    expect(await (await opener(3, elsewhere)).open(made)).toBe('forged');
    expect(await (await opener(3, somebody)).open(made)).toBe('forged');
    expect(await (await opener(4)).open(made)).toBe('key-unknown');
  });

  it('is shown once: a replay is refused', async () => {
    const made = await sealed('tag, then the picture');
    const again = frame('');
    again.data = made.data.slice(0);
    const receiver = await opener();
    expect(await receiver.open(made)).toBeUndefined();
    expect(await receiver.open(again)).toBe('replayed');
  });

  it('of another layer is let through though a later one was shown, and once as well', async () => {
    const key = await deriveFrameKey(SECRET, ADA);
    const sealer = new FrameSealer(
      () => ({ keyId: 3, key }),
      () => undefined,
    );
    const [small, large] = [
      frame('small picture', { ssrc: 7 }),
      frame('large picture', { ssrc: 8 }),
    ];
    for (const made of [small, large]) await sealer.seal(made);
    const again = frame('');
    again.data = small.data.slice(0);
    const receiver = await opener();
    for (const made of [large, small]) expect(await receiver.open(made)).toBeUndefined();
    expect(await receiver.open(again)).toBe('replayed');
  });

  it('that is empty or plain is refused', async () => {
    expect(await (await opener()).open(frame(''))).toBe('not-sealed');
    expect(await (await opener()).open(frame('a plain frame of some more bytes'))).toBe(
      'key-unknown',
    );
  });
});

describe('a sender', () => {
  it('sends nothing while there is no key', async () => {
    const sealer = new FrameSealer(
      () => undefined,
      () => undefined,
    );
    const made = frame('secret');
    expect(await sealer.seal(made)).toBe(false);
  });

  it('sends nothing in a codec that can’t be encrypted, and says so', async () => {
    const key = await deriveFrameKey(SECRET, ADA);
    const refused: string[] = [];
    const sealer = new FrameSealer(
      () => ({ keyId: 0, key }),
      (codec) => refused.push(codec),
    );
    expect(await sealer.seal(frame('secret', { mimeType: 'video/H264' }))).toBe(false);
    expect(refused).toEqual(['video/H264']);
  });

  it('never uses a number twice, not even with another sender of the page', async () => {
    const frames = [await sealed('one and the same'), await sealed('one and the same')];
    const [a, b] = frames.map(({ data }) => [...new Uint8Array(data)].join());
    expect(a).not.toBe(b);
  });
});
