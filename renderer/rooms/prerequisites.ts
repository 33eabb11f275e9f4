/** What a browser can do, as found by {@link gatherFacts}. */
export interface PlatformFacts {
  secureContext: boolean;
  getUserMedia: boolean;
  peerConnection: boolean;
  ed25519: boolean;
  /** RTCRtpScriptTransform, which encrypts frames end to end. */
  encodedTransform: boolean;
  /** The recorder's best container and codecs, absent where `MediaRecorder` has none of ours. */
  recorderMimeType?: string;
  /** MediaStreamTrackProcessor, MediaStreamTrackGenerator and OffscreenCanvas. */
  insertableStreams: boolean;
  /** This page has the bridge: it is the studio's own window, not a guest's tab. */
  bridge: boolean;
  /** Why main can't record although the window could, e.g. ffmpeg is missing. */
  ffmpegProblem?: string;
}

export type PrerequisiteId =
  | 'secure-page'
  | 'camera-access'
  | 'peer-connections'
  | 'identity-key'
  | 'frame-encryption'
  | 'studio-window'
  | 'recorder'
  | 'composition'
  | 'ffmpeg';

/** One thing that has to be there. */
export interface Prerequisite {
  id: PrerequisiteId;
  /** What can't work without it. */
  for: 'streaming' | 'encryption' | 'recording';
  ok: boolean;
  /** What is missing and what to do; also readable when `ok`. */
  sentence: string;
}

/** Checks what rooms and recordings need. Pure: the facts come from elsewhere. */
export function checkPrerequisites(facts: PlatformFacts): Prerequisite[] {
  const check = (
    id: PrerequisiteId,
    purpose: Prerequisite['for'],
    ok: boolean,
    good: string,
    bad: string,
  ): Prerequisite => ({ id, for: purpose, ok, sentence: ok ? good : bad });
  return [
    check(
      'secure-page',
      'streaming',
      facts.secureContext,
      'The page is secure.',
      'Rooms need a secure page. Open the link with https, or on the computer where the studio runs.',
    ),
    check(
      'camera-access',
      'streaming',
      facts.getUserMedia,
      'The browser has access to cameras and microphones.',
      'This browser has no access to cameras and microphones. Use a current Chrome, Edge, Firefox or Safari.',
    ),
    check(
      'peer-connections',
      'streaming',
      facts.peerConnection,
      'The browser can connect to other people directly.',
      'WebRTC is missing or switched off in this browser. Switch it on, or use another browser.',
    ),
    check(
      'identity-key',
      'streaming',
      facts.ed25519,
      'The browser can check who the others are.',
      'This browser can not check signatures (Ed25519). Update it, or use a current Chrome, Edge, Firefox or Safari.',
    ),
    check(
      'frame-encryption',
      'encryption',
      facts.encodedTransform,
      'The browser can encrypt sound and pictures end to end.',
      'This browser can’t encrypt sound and pictures end to end. For encrypted rooms use a current Chrome, Edge, Firefox or Safari.',
    ),
    check(
      'studio-window',
      'recording',
      facts.bridge,
      'This is the studio’s own window.',
      'Only the studio’s own window can record. Open the studio on the host’s computer.',
    ),
    check(
      'composition',
      'recording',
      facts.insertableStreams,
      'The browser can put the pictures of a room together.',
      'Recording needs a Chromium-based browser (Chrome, Edge, Chromium), which can process video off the main thread.',
    ),
    check(
      'recorder',
      'recording',
      facts.recorderMimeType !== undefined,
      'The browser can encode the recording.',
      'This browser can not encode WebM video. Use Chrome, Edge or Chromium for the studio’s window.',
    ),
    check(
      'ffmpeg',
      'recording',
      facts.ffmpegProblem === undefined,
      'ffmpeg is there to write the replay.',
      facts.ffmpegProblem ?? '',
    ),
  ];
}
