/**
 * The sizes of a camera's picture that are sent to a relay, the smallest first: each is so many
 * times smaller than the camera's own.
 */
const LAYERS = [
  { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1_500_000 },
] as const;

/** What a camera is sent as (simulcast; RFC 8853). */
export const SIMULCAST: RTCRtpEncodingParameters[] = LAYERS.map((layer) => ({ ...layer }));

/** A picture may be shown so much larger than it is before the next size is worth its bits. */
const ENLARGED = 1.25;
/** Lines of a camera whose sender did not say. */
const USUAL_LINES = 720;

export interface LayerChoice {
  /** The picture is not shown at all. */
  paused: boolean;
  /** The largest layer that is wanted, as mediasoup counts them: 0 the smallest. */
  spatialLayer: number;
}

/**
 * Which layer of a camera is wanted where it is shown.
 *
 * @param shownPx how high, in device pixels; 0: not shown
 * @param cameraLines how high the camera's own picture is
 */
export function chooseLayer(shownPx: number, cameraLines = USUAL_LINES): LayerChoice {
  const enough = LAYERS.findIndex(
    ({ scaleResolutionDownBy }) => (cameraLines / scaleResolutionDownBy) * ENLARGED >= shownPx,
  );
  return { paused: shownPx <= 0, spatialLayer: enough < 0 ? LAYERS.length - 1 : enough };
}
