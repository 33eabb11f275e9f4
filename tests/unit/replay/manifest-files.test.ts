import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { LiveManifestSigner } from '../../../main/recording/live/live-manifest-signer.ts';
import { type ManifestSigner, signManifest } from '../../../main/recording/manifest/manifest.ts';
import { toBase64Url } from '../../../protocol/encoding.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { userIdOf } from '../../../protocol/identity.ts';
import type { LiveManifest, SignedFor } from '../../../protocol/live-manifest.ts';
import type { ManifestFile, ManifestSegment } from '../../../protocol/recordings.ts';
import { ManifestFiles } from '../../../renderer/replay/integrity/manifest-files.ts';
import { isGenuine } from '../../../renderer/replay/integrity/signed-files.ts';

const RECORDING: SignedFor = {
  recordingId: 'rec_live0000000000',
  roomId: 'room_live0000000000',
  encryption: 'none',
};
const never = new AbortController().signal;

function newSigner(): ManifestSigner {
  const pair = generateKeyPairSync('ed25519');
  return signerOf(pair.privateKey, String(pair.publicKey.export({ format: 'jwk' }).x));
}

function signerOf(key: KeyObject, publicKey: string): ManifestSigner {
  const digest = createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest();
  return {
    userId: userIdOf(digest),
    publicKey,
    sign: (bytes) => toBase64Url(sign(null, bytes, key)),
  };
}

function fileOf(uri: string, text: string): ManifestFile {
  const bytes = Buffer.from(text);
  return { uri, sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.length };
}

const init = fileOf('init.mp4', 'init');
function segment(index: number, text = `segment ${index}`): ManifestSegment {
  const uri = `segment-${String(index).padStart(6, '0')}.m4s`;
  return { ...fileOf(uri, text), durationMs: 2000 };
}

/** A node that serves one recording, and what was asked of it. */
class FakeNode {
  readonly host = newSigner();
  readonly segments: ManifestSegment[] = [];
  readonly asked: string[] = [];
  isLive = true;
  #live: LiveManifestSigner;
  /** Changes what is answered. */
  tamper: (page: LiveManifest) => unknown = (page) => page;

  constructor(host?: ManifestSigner) {
    if (host) this.host = host;
    this.#live = new LiveManifestSigner(
      RECORDING,
      { files: new Map([[init.uri, init]]), segments: this.segments },
      this.host,
    );
  }

  page(from: number): LiveManifest {
    const page = this.#live.page(from);
    if (!page) throw new Error('there is nothing');
    return page;
  }

  manifest() {
    const sizeBytes = this.segments.reduce((sum, file) => sum + file.sizeBytes, init.sizeBytes);
    return signManifest(
      {
        version: 1,
        ...RECORDING,
        title: 'A show',
        host: { userId: this.host.userId, publicKey: this.host.publicKey },
        startedAt: '2026-11-26T12:00:00.000Z',
        durationMs: this.segments.length * 2000,
        sizeBytes,
        init,
        segments: this.segments,
      },
      this.host,
    );
  }

  files(hostUserId = this.host.userId): ManifestFiles {
    const { recordingId, roomId } = RECORDING;
    const answer = async (name: string): Promise<unknown> => {
      this.asked.push(name);
      if (name === 'manifest.json') return this.manifest();
      if (!this.isLive) throw new ProtocolError('recording-not-live', 'It is over.');
      return this.tamper(this.page(Number(name.split('=')[1])));
    };
    return new ManifestFiles({ recordingId, roomId, hostUserId }, answer, true);
  }
}

let node: FakeNode;
beforeEach(() => {
  node = new FakeNode();
  node.segments.push(segment(0), segment(1), segment(2));
});

describe('what a host has signed of a running recording', () => {
  it('is asked for once, and again for what is not in it yet', async () => {
    const files = node.files();
    expect(await files.signedFile('segment-000001.m4s', never)).toMatchObject(segment(1));
    expect(await files.signedFile('init.mp4', never)).toMatchObject(init);
    expect(await files.signedFile('segment-000002.m4s', never)).toMatchObject(segment(2));
    node.segments.push(segment(3));
    expect(await files.signedFile('segment-000003.m4s', never)).toMatchObject(segment(3));
    expect(node.asked).toEqual(['live.json?from=1', 'live.json?from=3']);
  });

  it('is asked of the finished manifest once the recording is over', async () => {
    const files = node.files();
    await files.signedFile('segment-000000.m4s', never);
    node.segments.push(segment(3));
    node.isLive = false;
    expect(await files.signedFile('segment-000003.m4s', never)).toMatchObject(segment(3));
    expect(node.asked).toEqual(['live.json?from=0', 'live.json?from=3', 'manifest.json']);
  });

  it('comes a page at a time', async () => {
    for (let index = 3; index < 450; index += 1) node.segments.push(segment(index));
    expect(node.page(0).segments).toHaveLength(200);
    expect(node.page(400).segments).toHaveLength(50);
    expect(node.page(1_000).segments).toEqual([]);
    expect(await node.files().signedFile('segment-000449.m4s', never)).toMatchObject(segment(449));
  });

  it('is refused where it does not name the file', async () => {
    await expect(node.files().signedFile('segment-000009.m4s', never)).rejects.toMatchObject({
      code: 'recording-damaged',
      message: expect.stringContaining('signed no segment-000009.m4s'),
    });
  });

  const stranger = newSigner();
  it.each<[string, (page: LiveManifest) => unknown]>([
    ['is no list at all', () => 'hello'],
    ['is of another recording', (page) => ({ ...page, recordingId: 'rec_other000000000' })],
    ['is of another room', (page) => ({ ...page, roomId: 'room_other000000000' })],
    ['claims no encryption', (page) => ({ ...page, encryption: 'AES-128' })],
    ['has a hash changed', (page) => changed(page, { sha256: '0'.repeat(64) })],
    ['has a size changed', (page) => changed(page, { sizeBytes: 1 })],
    ['has a length changed', (page) => changed(page, { durationMs: 1 })],
    ['has two swapped', (page) => ({ ...page, segments: page.segments.toReversed() })],
    ['begins elsewhere than it says', (page) => ({ ...page, from: page.from + 1 })],
    ['gives a segment for the init', (page) => ({ ...page, init: page.segments[0] })],
    [
      'is signed by somebody else',
      (page) => ({
        ...page,
        host: { userId: stranger.userId, publicKey: stranger.publicKey },
      }),
    ],
    [
      'names another key as the host’s',
      (page) => ({ ...page, host: { ...page.host, publicKey: stranger.publicKey } }),
    ],
  ])('is refused when it %s', async (_what, tamper) => {
    node.tamper = tamper;
    await expect(node.files().signedFile('segment-000001.m4s', never)).rejects.toMatchObject({
      code: 'recording-damaged',
    });
  });

  it('is refused when another host signed all of it', async () => {
    const expected = node.host.userId;
    node = new FakeNode(stranger);
    node.segments.push(segment(0));
    await expect(node.files(expected).signedFile('init.mp4', never)).rejects.toMatchObject({
      code: 'recording-damaged',
      message: expect.stringContaining('somebody else'),
    });
  });

  it('is refused when a segment was signed before as something else', async () => {
    const files = node.files();
    await files.signedFile('segment-000000.m4s', never);
    const other = new FakeNode(node.host);
    other.segments.push(segment(0, 'another'), segment(1), segment(2), segment(3));
    node.segments.push(segment(3));
    node.tamper = () => other.page(0);
    await expect(files.signedFile('segment-000003.m4s', never)).rejects.toMatchObject({
      message: expect.stringContaining('signed before as something else'),
    });
  });
});

describe('bytes', () => {
  it('are genuine when they are what was signed', async () => {
    const bytes = new TextEncoder().encode('segment 0');
    expect(await isGenuine(bytes, segment(0))).toBe(true);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await isGenuine(flipped, segment(0))).toBe(false);
    }
    expect(await isGenuine(bytes.subarray(1), segment(0))).toBe(false);
  });
});

function changed(page: LiveManifest, change: Partial<ManifestSegment>): LiveManifest {
  const segments = page.segments.map((of, index) => (index === 0 ? { ...of, ...change } : of));
  return { ...page, segments };
}
