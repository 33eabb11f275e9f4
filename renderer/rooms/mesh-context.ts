import type { SignalMessage } from '../../protocol/messages.ts';
import type { PeerMessage } from '../../protocol/peer-messages.ts';
import type { FrameTransforms } from './frame-transforms.ts';
import type { Silenced } from './link-media.ts';
import type { RestartPolicy } from './link-recovery.ts';
import type { MeshPeer, MeshPeerOptions } from './mesh-peer.ts';
import type { LocalTracks } from './mesh-senders.ts';
import type { MeshTrust } from './mesh-trust.ts';
import type { RetryPolicy } from './reconnect-delay.ts';
import type { PeerLink } from './streaming.ts';

/** What all links of a mesh share. */
export interface MeshContext {
  roomId: string;
  selfPeerId: string;
  /** For connections and restarts from now on. */
  iceServers: readonly RTCIceServer[];
  trust: MeshTrust;
  retry: RetryPolicy;
  restarts: RestartPolicy;
  /** Where frames are encrypted end to end, or may be recorded. */
  transforms?: FrameTransforms;
  send(message: SignalMessage): void;
  createPeer(options: MeshPeerOptions, tracks: LocalTracks): MeshPeer;
}

/** Whom a link leads to. */
export interface RemotePeer {
  peerId: string;
  userId: string;
  /** We make every offer. */
  initiator: boolean;
}

/** What a link starts with. */
export interface LinkStart {
  tracks: LocalTracks;
  silenced: Silenced;
  /** Kinds of ours that the peer is not sent. */
  withheld: Silenced;
}

/** Whom a link tells of itself. */
export interface LinkListener {
  /** Its connection, picture or trouble changed. */
  changed(link: PeerLink): void;
  /** Both descriptions of a connection are known to both sides. */
  agreed(): void;
  /** The data channel is usable; again after the connection was made anew. */
  opened(): void;
  heard(message: PeerMessage): void;
}
