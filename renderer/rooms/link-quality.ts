import type { LinkSample } from './link-sample.ts';
import type { VideoLimit } from './video-limit.ts';

/** Where a link's camera stands between what the room allows and the least worth sending. */
export interface LinkQuality {
  /** 0 is all that the room allows; each step sends less. At most `LOWEST_STEP`. */
  step: number;
  /** Samples in a row that asked for less. */
  poor: number;
  /** Samples in a row in which nothing was wrong. */
  good: number;
  /** Good samples in a row that a step up takes: more after each that did not last. */
  patience: number;
  /** Samples since the last step up; absent where there was none, or where it lasted. */
  sinceStepUp?: number;
  /** The shortest round trip so far: what the path takes when nothing waits. */
  leastRoundTripMs?: number;
}

/** Shares of the room's limit. Bitrate falls faster than size, as pixels do. */
const STEPS = [
  { height: 1, bitrate: 1, framerate: 1 },
  { height: 0.75, bitrate: 0.55, framerate: 1 },
  { height: 0.5, bitrate: 0.3, framerate: 0.8 },
  { height: 0.375, bitrate: 0.16, framerate: 0.6 },
  { height: 0.25, bitrate: 0.08, framerate: 0.5 },
] as const;

export const LOWEST_STEP = STEPS.length - 1;

/** Below this a camera shows nothing worth its bits. */
const LEAST: VideoLimit = { maxHeight: 90, maxBitrate: 60_000, maxFramerate: 8 };

/** One bad sample may be chance; two are a trend. */
const POOR_TO_STEP_DOWN = 2;
const GOOD_TO_STEP_UP = 5;
const MOST_PATIENCE = 40;
/** A step up that is taken back within so many samples was one too many. */
const STEP_UP_PROBATION = 4;

/** Shares of lost packets at which a path is overloaded, and at which it plainly is not. */
const HEAVY_LOSS = 0.1;
const LIGHT_LOSS = 0.02;
/** Round trips this much longer than the shortest one mean that packets wait in a queue. */
const LONG_QUEUE_MS = 400;
/** Kept free of pictures: voice goes first. Opus with its headers, and room for its peaks. */
const VOICE_BITS_PER_SECOND = 64_000;
/** A picture that gets less than this share of its limit is better made smaller. */
const STARVED = 0.6;

export const FULL_QUALITY: LinkQuality = { step: 0, poor: 0, good: 0, patience: GOOD_TO_STEP_UP };

/** What a camera is sent with at a step below what the room allows. */
export function limitAt(step: number, room: VideoLimit): VideoLimit {
  const share = STEPS[Math.min(Math.max(step, 0), LOWEST_STEP)] ?? STEPS[0];
  return {
    maxHeight: Math.max(LEAST.maxHeight, Math.round(room.maxHeight * share.height)),
    maxBitrate: Math.max(LEAST.maxBitrate, Math.round(room.maxBitrate * share.bitrate)),
    maxFramerate: Math.max(LEAST.maxFramerate, Math.round(room.maxFramerate * share.framerate)),
  };
}

/**
 * The quality after one more sample. Down after two poor samples, up after several good ones;
 * after a step up that did not last, the next one takes twice as many.
 *
 * @param room what the room allows.
 */
export function nextQuality(
  quality: LinkQuality,
  sample: LinkSample,
  room: VideoLimit,
): LinkQuality {
  const current = withSample(quality, sample);
  switch (judge(sample, limitAt(quality.step, room), current.leastRoundTripMs)) {
    case 'poor': {
      const poor = quality.poor + 1;
      const enough = poor >= POOR_TO_STEP_DOWN && quality.step < LOWEST_STEP;
      return enough ? stepDown(current) : { ...current, poor, good: 0 };
    }
    case 'fair':
      return { ...current, poor: 0, good: 0 };
    case 'good': {
      const good = quality.good + 1;
      const enough = good >= quality.patience && quality.step > 0;
      return enough ? stepUp(current) : { ...current, poor: 0, good };
    }
  }
}

/** `fair`: no reason for less, nor for more. */
function judge(
  sample: LinkSample,
  limit: VideoLimit,
  leastRoundTripMs = 0,
): 'poor' | 'fair' | 'good' {
  const { video, audio } = sample.sent;
  const loss = Math.max(video?.lossShare ?? 0, audio?.lossShare ?? 0);
  const queueMs = (sample.roundTripMs ?? 0) - leastRoundTripMs;
  if (loss > HEAVY_LOSS || queueMs > LONG_QUEUE_MS) return 'poor';
  const reason = video?.qualityLimitationReason ?? 'none';
  if (reason === 'cpu') return 'poor';
  if (loss > LIGHT_LOSS) return 'fair';
  if (reason !== 'bandwidth') return 'good';
  // The encoder says `bandwidth` of our own limit too: the estimate tells which one it means.
  const available = sample.availableSendBitsPerSecond ?? 0;
  const forPictures = available - VOICE_BITS_PER_SECOND;
  if (forPictures < limit.maxBitrate * STARVED) return 'poor';
  return forPictures < limit.maxBitrate ? 'fair' : 'good';
}

function stepDown(quality: LinkQuality): LinkQuality {
  const { sinceStepUp, ...rest } = quality;
  const tooMuch = sinceStepUp !== undefined;
  const patience = tooMuch ? Math.min(rest.patience * 2, MOST_PATIENCE) : rest.patience;
  return { ...rest, step: rest.step + 1, poor: 0, good: 0, patience };
}

function stepUp(quality: LinkQuality): LinkQuality {
  return { ...quality, step: quality.step - 1, poor: 0, good: 0, sinceStepUp: 0 };
}

/** A step up that outlasts its probation is no longer held against the link. */
function withSample({ sinceStepUp, ...quality }: LinkQuality, sample: LinkSample): LinkQuality {
  const { leastRoundTripMs = Number.POSITIVE_INFINITY, patience } = quality;
  const least = Math.min(leastRoundTripMs, sample.roundTripMs ?? leastRoundTripMs);
  const onProbation = sinceStepUp !== undefined && sinceStepUp + 1 < STEP_UP_PROBATION;
  return {
    ...quality,
    ...(Number.isFinite(least) && { leastRoundTripMs: least }),
    ...(onProbation && { sinceStepUp: sinceStepUp + 1 }),
    patience: sinceStepUp === undefined || onProbation ? patience : GOOD_TO_STEP_UP,
  };
}
