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
 */
export function offeredFeatures(
  node: Pick<NodeInfo, 'environment' | 'features'>,
  prerequisites: readonly Prerequisite[],
): OfferedFeatures {
  const streaming = offer('streaming', node, prerequisites);
  return {
    streaming,
    encryption: streaming.offered ? able('encryption', prerequisites) : streaming,
    recording: streaming.offered ? offer('recording', node, prerequisites) : streaming,
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
