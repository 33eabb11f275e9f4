import { ProtocolError } from '../../protocol/errors.ts';
import {
  type RoomEndedReason,
  type ServerMessage,
  SignalMessage,
} from '../../protocol/messages.ts';
import type { Door } from './door.ts';
import { invitesTold, knocksTold, moderationApplied } from './moderator-transitions.ts';
import type { MuteControl } from './mute-control.ts';
import type { RoomEntry } from './room-entry.ts';
import type { RoomMedia } from './room-media.ts';
import type { StreamingStore } from './streaming-store.ts';
import { roomUpdated, statusReported } from './streaming-transitions.ts';

export interface RoomNewsOptions {
  store: StreamingStore;
  media: Pick<RoomMedia, 'receive' | 'connect' | 'moderated' | 'setIceServers' | 'relay'>;
  mute: Pick<MuteControl, 'pending' | 'applyToTracks'>;
  entry: Pick<RoomEntry, 'keep'>;
  door: Pick<Door, 'receive'>;
  /** The room is over for us. */
  ended: (reason: RoomEndedReason) => void;
  problem: (error: unknown) => void;
}

/** What the node says unasked, brought to whom it concerns. */
export class RoomNews {
  readonly #options: RoomNewsOptions;

  constructor(options: RoomNewsOptions) {
    this.#options = options;
  }

  receive(message: ServerMessage): void {
    const { store, entry, door, media } = this.#options;
    const { phase, room } = store.state;
    const signal = SignalMessage.safeParse(message);
    if (phase === 'joining') entry.keep(message);
    else if (phase === 'waiting') door.receive(message);
    else if (signal.success) media.receive(signal.data);
    else if (room && !('roomId' in message && message.roomId !== room.roomId)) this.#told(message);
  }

  #told(message: ServerMessage): void {
    const { store, media, mute, ended, problem } = this.#options;
    switch (message.type) {
      case 'room:update':
        media.connect(message.participants);
        store.apply(roomUpdated, message.room, message.participants, mute.pending);
        mute.applyToTracks();
        media.relay?.follow(message.room, message.participants);
        break;
      case 'relay:producers':
        media.relay?.producersChanged(message.producers);
        break;
      case 'relay:closed':
        media.relay?.closed();
        break;
      case 'room:status':
        store.apply(statusReported, message.concurrentViewers);
        break;
      case 'room:ended':
        ended(message.reason);
        break;
      case 'ticket:renewed':
        if (message.turnServers) media.setIceServers(message.turnServers);
        break;
      case 'room:invites':
        store.apply(invitesTold, message.invites);
        break;
      case 'room:knocks':
        store.apply(knocksTold, message.knocks);
        break;
      case 'moderation:applied':
        store.apply(moderationApplied, message);
        mute.applyToTracks();
        media.moderated([message.event]);
        break;
      case 'error':
        // Said to somebody who has just left: the roster that says so is on its way.
        if (message.code !== 'peer-not-found') {
          problem(new ProtocolError(message.code, message.message));
        }
        break;
    }
  }
}
