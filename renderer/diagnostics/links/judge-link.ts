import type { LinkSample } from '../../rooms/link-sample.ts';
import type { PeerLink } from '../../rooms/streaming.ts';
import { figureOf } from './link-history.ts';

/** `unknown` until something was measured. */
export type LinkGrade = 'good' | 'fair' | 'poor' | 'unknown';

export interface LinkJudgement {
  grade: LinkGrade;
  /** What the figures mean for the people, worst first; never empty. */
  words: readonly string[];
}

/**
 * What happens outside the network between mouth and ear: capture, a 20 ms Opus frame, and a
 * jitter buffer of about 40 ms. A figure of ours, on the careful side.
 */
const MOUTH_TO_EAR_EXTRA_MS = 60;

/** ITU-T G.114 section 4: below 150 ms one way hardly anybody notices; above 400 ms is too much. */
const DELAY_NOTICED_MS = 150;
const DELAY_UNACCEPTABLE_MS = 400;

/**
 * draft-ietf-rmcat-gcc-02 section 6, which browsers follow: under 2 % the sender goes on raising
 * its rate, over 10 % it sends less.
 */
const LOSS_NOTICED = 0.02;
const LOSS_UNACCEPTABLE = 0.1;

/** ITU-T Y.1541, class 0 (interactive, sensitive to jitter): 50 ms. */
const JITTER_NOTICED_MS = 50;

interface Finding {
  grade: 'fair' | 'poor';
  words: string;
}

/** Says in plain words how a connection does. Pure. */
export function judgeLink(
  { state, restarting }: Pick<PeerLink, 'state' | 'restarting'>,
  sample: LinkSample | undefined,
): LinkJudgement {
  if (restarting) return { grade: 'poor', words: ['Interrupted: another path is looked for'] };
  switch (state) {
    case 'connecting':
      return { grade: 'unknown', words: ['Still connecting'] };
    case 'disconnected':
      return { grade: 'poor', words: ['Interrupted: it is being connected again'] };
    case 'failed':
      return { grade: 'poor', words: ['Not connected'] };
    case 'connected':
      return sample ? judgeSample(sample) : { grade: 'unknown', words: ['Measuring'] };
  }
}

function judgeSample(sample: LinkSample): LinkJudgement {
  const findings = [
    judgeLoss(figureOf(sample, 'lossShare')),
    judgeDelay(sample.roundTripMs),
    judgeJitter(figureOf(sample, 'jitterMs')),
    judgeEncoder(sample),
  ].filter((finding) => finding !== undefined);
  if (findings.length === 0) return { grade: 'good', words: ['Good'] };
  const poor = findings.filter(({ grade }) => grade === 'poor');
  const fair = findings.filter(({ grade }) => grade === 'fair');
  return {
    grade: poor.length > 0 ? 'poor' : 'fair',
    words: [...poor, ...fair].map(({ words }) => words),
  };
}

function judgeLoss(share: number | undefined): Finding | undefined {
  if (share === undefined || share < LOSS_NOTICED) return undefined;
  return share > LOSS_UNACCEPTABLE
    ? { grade: 'poor', words: 'Losing many packets: sound breaks up, pictures freeze' }
    : { grade: 'fair', words: 'Losing packets: pictures may freeze' };
}

function judgeDelay(roundTripMs: number | undefined): Finding | undefined {
  if (roundTripMs === undefined) return undefined;
  const oneWayMs = roundTripMs / 2 + MOUTH_TO_EAR_EXTRA_MS;
  if (oneWayMs <= DELAY_NOTICED_MS) return undefined;
  return oneWayMs > DELAY_UNACCEPTABLE_MS
    ? { grade: 'poor', words: 'Long delay: a conversation is hard' }
    : { grade: 'fair', words: 'Some delay: you may talk over each other' };
}

function judgeJitter(jitterMs: number | undefined): Finding | undefined {
  if (jitterMs === undefined || jitterMs <= JITTER_NOTICED_MS) return undefined;
  return { grade: 'fair', words: 'Packets come unevenly: sound may stutter' };
}

/** Encoders say `bandwidth` of the room's own limit too; the path's estimate tells them apart. */
function judgeEncoder(sample: LinkSample): Finding | undefined {
  const reason = sample.sent.video?.qualityLimitationReason;
  const { availableSendBitsPerSecond: available, sendBitsPerSecond: sending } = sample;
  const full = available !== undefined && sending !== undefined && available < sending * 1.2;
  if (reason === 'bandwidth' && full) {
    return { grade: 'fair', words: 'Your upload is the limit: your picture is sent smaller' };
  }
  if (reason === 'cpu') {
    return { grade: 'fair', words: 'This computer is busy: your picture is sent smaller' };
  }
  return undefined;
}
