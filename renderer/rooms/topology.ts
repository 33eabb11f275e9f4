import type { PeerMessage } from '../../protocol/peer-messages.ts';
import type { Participant } from '../../protocol/rooms.ts';
import type { Emitter } from './emitter.ts';
import type { Silenced } from './link-media.ts';
import type { PeerLink } from './streaming.ts';

export interface TopologyEvents {
  /** A peer's connection, picture or trouble changed. */
  link: { peerId: string; link: PeerLink };
  /** The descriptions for a connection were exchanged: what remains, the browser does alone. */
  agreed: { peerId: string };
  /** The connection to a peer who is no longer in the room was taken down. */
  unlinked: { peerId: string };
  /** The data channel to a peer is usable; told again when its connection was made anew. */
  open: { peerId: string };
  /** What a peer said over its data channel: valid by the schema, but the peer's word alone. */
  message: { peerId: string; message: PeerMessage };
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
  /**
   * Kinds of a peer's media that are not rendered here, whatever the peer sends; holds for tracks
   * that come later too, until it is said otherwise.
   */
  setSilenced(peerId: string, silenced: Silenced): void;
  /**
   * Members who are out, by `userId`, all of them: no peer of theirs is connected to, and no offer
   * of theirs is taken, whatever the roster says.
   */
  block(userIds: ReadonlySet<string>): void;
  /** Renewed TURN credentials: for restarts and new connections; what stands is left as it is. */
  setIceServers(servers: readonly RTCIceServer[]): void;
  /**
   * Tells one peer over its data channel; `false` where that is not open, or the peer has none.
   * Throws a `RangeError` for a message beyond `MAX_PEER_MESSAGE_BYTES`.
   */
  send(peerId: string, message: PeerMessage): boolean;
  /** Tells every peer whose channel is open. */
  broadcast(message: PeerMessage): void;
  stats(peerId: string): Promise<RTCStatsReport | undefined>;
  /** Takes everything down. Tracks of the local stream are left running. */
  stop(): void;
}
