import type { Participant } from '../../protocol/rooms.ts';
import type { Emitter } from './emitter.ts';
import type { PeerLink } from './streaming.ts';

export interface TopologyEvents {
  /** A peer's connection, picture or trouble changed. */
  link: { peerId: string; link: PeerLink };
  /** The descriptions for a connection were exchanged: what remains, the browser does alone. */
  agreed: { peerId: string };
  /** The connection to a peer who is no longer in the room was taken down. */
  unlinked: { peerId: string };
}

/**
 * How media travels among the people of one room. The rest of the window does not know which one
 * is at work: a mesh, or a relay.
 */
export interface Topology extends Pick<Emitter<TopologyEvents>, 'on'> {
  readonly kind: 'mesh' | 'relay';
  /** Who is in the room now, oneself included. Connections follow. */
  setRoster(participants: readonly Participant[]): void;
  /** Sends these tracks instead of the former ones. */
  setLocalStream(stream: MediaStream | undefined): void;
  stats(peerId: string): Promise<RTCStatsReport | undefined>;
  /** Takes everything down. Tracks of the local stream are left running. */
  stop(): void;
}
