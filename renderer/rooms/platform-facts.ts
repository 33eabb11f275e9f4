import type { MethodOutput } from '../../preload/contract.ts';
import { bestRecorderMimeType } from '../media/recorder-format.ts';
import { FrameEncryption } from './frame-encryption/frame-encryption.ts';
import type { PlatformFacts } from './prerequisites.ts';

/** Asks this browser what it can do; `studio` is the bridge's `studio.info`, absent for guests. */
export async function gatherFacts(
  studio?: Pick<MethodOutput<'studio.info'>, 'ffmpegProblem'>,
): Promise<PlatformFacts> {
  const recorderMimeType = bestRecorderMimeType();
  return {
    secureContext: globalThis.isSecureContext,
    getUserMedia: typeof navigator.mediaDevices?.getUserMedia === 'function',
    peerConnection: typeof RTCPeerConnection === 'function',
    ed25519: await canVerifyEd25519(),
    encodedTransform: FrameEncryption.supported,
    ...(recorderMimeType !== undefined && { recorderMimeType }),
    insertableStreams:
      'MediaStreamTrackProcessor' in globalThis &&
      'MediaStreamTrackGenerator' in globalThis &&
      'OffscreenCanvas' in globalThis,
    bridge: studio !== undefined,
    ...(studio?.ffmpegProblem !== undefined && { ffmpegProblem: studio.ffmpegProblem }),
  };
}

async function canVerifyEd25519(): Promise<boolean> {
  if (!globalThis.crypto?.subtle) return false;
  try {
    await crypto.subtle.importKey('raw', new Uint8Array(32), 'Ed25519', true, ['verify']);
    return true;
  } catch (error) {
    console.info('Ed25519 is not among this browser’s algorithms.', error);
    return false;
  }
}
