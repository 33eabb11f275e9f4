/// <reference path="../ambient/insertable-streams.d.ts" />

/**
 * The decoded frames of a track, until it ends; each is the reader's to close.
 *
 * @param maxBufferSize frames kept for a slow reader; older ones are dropped
 */
export function rawFrames(
  track: MediaStreamTrack,
  maxBufferSize?: number,
): ReadableStream<VideoFrame> | ReadableStream<AudioData> {
  const options = maxBufferSize === undefined ? {} : { maxBufferSize };
  if (isVideo(track)) return new MediaStreamTrackProcessor({ ...options, track }).readable;
  if (isAudio(track)) return new MediaStreamTrackProcessor({ ...options, track }).readable;
  throw new TypeError(`A track of kind ${track.kind} has no frames.`);
}

/** {@link rawFrames} of a picture. */
export function rawPictures(
  track: MediaStreamTrack,
  maxBufferSize?: number,
): ReadableStream<VideoFrame> {
  return rawFrames(track, maxBufferSize) as ReadableStream<VideoFrame>;
}

function isVideo(track: MediaStreamTrack): track is MediaStreamVideoTrack {
  return track.kind === 'video';
}

function isAudio(track: MediaStreamTrack): track is MediaStreamAudioTrack {
  return track.kind === 'audio';
}
