/** What can keep a camera or microphone from us. */
export type MediaProblemCode =
  | 'camera-missing'
  | 'camera-refused'
  | 'camera-busy'
  | 'microphone-missing'
  | 'microphone-refused'
  | 'microphone-busy'
  | 'insecure-page'
  | 'media-unsupported';

export type MediaKind = 'camera' | 'microphone';

const SENTENCES: Record<MediaProblemCode, string> = {
  'camera-missing': 'No camera was found. Connect one and try again, or go on with sound alone.',
  'camera-refused':
    'The camera is blocked for this page. Allow it in the address bar or the system settings, then try again.',
  'camera-busy':
    'The camera is in use by another program or does not start. Close the other program and try again.',
  'microphone-missing':
    'No microphone was found. Connect one and try again, or go on with the picture alone.',
  'microphone-refused':
    'The microphone is blocked for this page. Allow it in the address bar or the system settings, then try again.',
  'microphone-busy':
    'The microphone is in use by another program or does not start. Close the other program and try again.',
  'insecure-page':
    'Browsers give camera and microphone to secure pages only. Open the link with https, or on the computer where the studio runs.',
  'media-unsupported':
    'This browser has no access to cameras and microphones. Open the link in a current Chrome, Edge, Firefox or Safari.',
};

/** A camera or microphone that can't be had. `message` says what to do. */
export class MediaProblem extends Error {
  readonly code: MediaProblemCode;

  constructor(code: MediaProblemCode, options?: ErrorOptions) {
    super(SENTENCES[code], options);
    this.name = 'MediaProblem';
    this.code = code;
  }
}

/** The problem behind a rejection of `getUserMedia` for one device (Media Capture section 10.2). */
export function mediaProblemOf(kind: MediaKind, cause: unknown): MediaProblem {
  switch (cause instanceof Error || cause instanceof DOMException ? cause.name : '') {
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new MediaProblem(`${kind}-missing`, { cause });
    case 'NotAllowedError':
      return new MediaProblem(`${kind}-refused`, { cause });
    case 'SecurityError':
      return new MediaProblem('insecure-page', { cause });
    case 'TypeError':
      return new MediaProblem('media-unsupported', { cause });
    default:
      return new MediaProblem(`${kind}-busy`, { cause });
  }
}
