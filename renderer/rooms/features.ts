import type { Environment, Feature, NodeInfo } from '../../protocol/node.ts';
import type { Prerequisite } from './prerequisites.ts';

/** Whether something is offered to the person, and if not, why. */
export type Offer = { offered: true } | { offered: false; why: string };

/** What this page offers. */
export interface OfferedFeatures {
  streaming: Offer;
  /** Rooms whose frames are encrypted end to end: up to this browser alone. */
  encryption: Offer;
  recording: Offer;
}

const AUDIENCE: Record<Environment, string> = {
  internal: 'internal builds',
  beta: 'beta builds',
  general: 'this build',
};

/**
 * What is offered here: what the node switched on for its environment, and what this browser can
 * do. Recording and encryption are parts of streaming, so they are never offered alone.
 *
 * @param elsewhere the node is another one than this studio's own, which alone learns from main
 *   what becomes of a recording.
 */
export function offeredFeatures(
  node: Pick<NodeInfo, 'environment' | 'features'>,
  prerequisites: readonly Prerequisite[],
  elsewhere = false,
): OfferedFeatures {
  const streaming = offer('streaming', node, prerequisites);
  return {
    streaming,
    encryption: streaming.offered ? able('encryption', prerequisites) : streaming,
    recording: recordingOffer(streaming, elsewhere) ?? offer('recording', node, prerequisites),
  };
}

function recordingOffer(streaming: Offer, elsewhere: boolean): Offer | undefined {
  if (!streaming.offered) return streaming;
  if (!elsewhere) return undefined;
  return {
    offered: false,
    why: 'Rooms on another node can’t be recorded yet: their replay would have to be there too. To record, have your rooms on this computer (your name, “Home”).',
  };
}

function offer(
  feature: Feature & Prerequisite['for'],
  node: Pick<NodeInfo, 'environment' | 'features'>,
  prerequisites: readonly Prerequisite[],
): Offer {
  if (!node.features.includes(feature)) {
    const noun = feature === 'streaming' ? 'Live rooms are' : 'Recording is';
    return { offered: false, why: `${noun} not part of ${AUDIENCE[node.environment]} yet.` };
  }
  return able(feature, prerequisites);
}

function able(purpose: Prerequisite['for'], prerequisites: readonly Prerequisite[]): Offer {
  const missing = prerequisites.find((p) => p.for === purpose && !p.ok);
  return missing ? { offered: false, why: missing.sentence } : { offered: true };
}
