import { execFile } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { promisify } from 'node:util';
import canonicalize from 'canonicalize';
import { Manifest } from '../../protocol/recordings.ts';

const run = promisify(execFile);

/** What a replay turned out to be, as somebody outside sees it. */
export interface ReplayInspection {
  manifest: Manifest;
  hashesVerified: number;
  durationMs: number;
  sizeBytes: number;
  streams: { video?: string; audio?: string };
  /** Loudest moment in dBFS; about -91 is digital silence. */
  maxVolumeDb: number;
  /** The longest stretch in which the picture stood still, in seconds. */
  longestFreezeS: number;
}

/**
 * Fetches a public replay over HTTP and checks what a careful viewer would: the manifest's
 * signature, every hash, and with ffprobe and ffmpeg that it lasts, moves and sounds.
 * Throws where the signature or a hash does not hold.
 */
export async function inspectReplay(
  address: string,
  recordingId: string,
): Promise<ReplayInspection> {
  const base = `${address}/replays/${recordingId}`;
  const manifest = Manifest.parse(await (await fetch(`${base}/manifest.json`)).json());
  verifySignature(manifest);
  let sizeBytes = 0;
  let hashesVerified = 0;
  for (const file of [manifest.init, ...manifest.segments]) {
    const bytes = new Uint8Array(await (await fetch(`${base}/${file.uri}`)).arrayBuffer());
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== file.sha256) throw new Error(`${file.uri} does not have the hash it should`);
    sizeBytes += bytes.length;
    hashesVerified += 1;
  }
  const playlist = `${base}/index.m3u8`;
  const probe = JSON.parse(
    (
      await run('ffprobe', [
        '-v',
        'error',
        '-of',
        'json',
        '-show_streams',
        '-show_format',
        playlist,
      ])
    ).stdout,
  ) as { streams: { codec_type: string; codec_name: string }[]; format: { duration: string } };
  const codec = (type: string) => probe.streams.find((s) => s.codec_type === type)?.codec_name;
  const video = codec('video');
  const audio = codec('audio');
  return {
    manifest,
    hashesVerified,
    sizeBytes,
    durationMs: Math.round(Number(probe.format.duration) * 1000),
    streams: { ...(video && { video }), ...(audio && { audio }) },
    ...(await watch(playlist)),
  };
}

/** RFC 8785 over everything but the signature, Ed25519 by the host's key. */
function verifySignature({ signature, ...payload }: Manifest): void {
  const key = createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: payload.host.publicKey },
  });
  const text = canonicalize(payload);
  if (!text || !verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'))) {
    throw new Error("The manifest's signature is not the host's");
  }
}

async function watch(input: string): Promise<{ maxVolumeDb: number; longestFreezeS: number }> {
  const { stderr } = await run(
    'ffmpeg',
    [
      '-hide_banner',
      '-nostats',
      '-i',
      input,
      '-vf',
      'freezedetect=n=-60dB:d=1',
      '-af',
      'volumedetect',
      '-f',
      'null',
      '-',
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const freezes = [...stderr.matchAll(/freeze_duration: ([\d.]+)/g)].map((m) => Number(m[1]));
  const volume = /max_volume: (-?[\d.]+) dB/.exec(stderr)?.[1];
  return {
    maxVolumeDb: volume === undefined ? Number.NEGATIVE_INFINITY : Number(volume),
    longestFreezeS: Math.max(0, ...freezes),
  };
}
