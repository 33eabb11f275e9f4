/** What a browser says of a microphone that it sends. */
export const OPUS = {
  codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }],
  encodings: [{ ssrc: 1234 }],
};

/** The same of a camera. */
export const VP8 = { codecs: [{ mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 }] };

/** What it can receive, where nothing is really sent. */
export const CAPABILITIES = { codecs: [], headerExtensions: [] };
