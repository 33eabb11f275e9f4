import { describe, expect, it } from 'vitest';
import { offeredFeatures } from '../../../renderer/rooms/features.ts';
import { checkPrerequisites, type PlatformFacts } from '../../../renderer/rooms/prerequisites.ts';

const STUDIO: PlatformFacts = {
  secureContext: true,
  getUserMedia: true,
  peerConnection: true,
  ed25519: true,
  encodedTransform: true,
  recorderMimeType: 'video/webm;codecs=h264,opus',
  insertableStreams: true,
  bridge: true,
};
const NODE = { environment: 'general', features: ['streaming', 'recording'] } as const;

function offered(
  facts: Partial<PlatformFacts>,
  node: Parameters<typeof offeredFeatures>[0] = here,
) {
  return offeredFeatures(node, checkPrerequisites({ ...STUDIO, ...facts }));
}
const here = { environment: NODE.environment, features: [...NODE.features] };

describe('what is offered', () => {
  it('is everything in the studio’s window on a current Chromium', () => {
    expect(offered({})).toEqual({
      streaming: { offered: true },
      encryption: { offered: true },
      recording: { offered: true },
    });
  });

  it.each([
    ['on an insecure page', { secureContext: false }, /https/],
    ['without access to cameras', { getUserMedia: false }, /cameras/],
    ['without WebRTC', { peerConnection: false }, /WebRTC/],
    ['without Ed25519', { ed25519: false }, /Ed25519/],
  ])('is no room %s, and so no recording either', (_where, facts, why) => {
    const { streaming, recording } = offered(facts);
    expect(streaming).toMatchObject({ offered: false, why: expect.stringMatching(why) });
    expect(recording).toEqual(streaming);
  });

  it('is everything but encrypted rooms where frames can’t be encrypted', () => {
    const { streaming, encryption, recording } = offered({ encodedTransform: false });
    expect([streaming.offered, recording.offered]).toEqual([true, true]);
    expect(encryption).toMatchObject({ offered: false, why: expect.stringMatching(/encrypt/) });
  });

  it.each([
    ['in a guest’s tab', { bridge: false }, /studio’s own window/],
    ['where video can not be composed', { insertableStreams: false }, /Chromium/],
    ['without ffmpeg', { ffmpegProblem: 'Install ffmpeg.' }, /Install ffmpeg/],
  ])('is a room without recording %s', (_where, facts, why) => {
    const { streaming, recording } = offered(facts);
    expect(streaming.offered).toBe(true);
    expect(recording).toMatchObject({ offered: false, why: expect.stringMatching(why) });
  });

  it('is a room without recording on another node than the studio’s own', () => {
    const { streaming, recording } = offeredFeatures(here, checkPrerequisites(STUDIO), true);
    expect(streaming.offered).toBe(true);
    expect(recording).toMatchObject({
      offered: false,
      why: expect.stringMatching(/this computer/),
    });
  });

  it('is no recording where WebM can not be encoded', () => {
    const { recorderMimeType: _none, ...facts } = STUDIO;
    const { recording } = offeredFeatures(here, checkPrerequisites(facts));
    expect(recording.offered).toBe(false);
  });

  it('is only what the node has switched on for its environment', () => {
    const { streaming } = offered({}, { environment: 'beta', features: ['projects'] });
    expect(streaming).toEqual({
      offered: false,
      why: 'Live rooms are not part of beta builds yet.',
    });
  });
});
