import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Invite, Participant } from '../../protocol/rooms.ts';
import type { RecordingMarker } from '../rooms/streaming.ts';

/** A question about the room that waits for an answer. */
export type RoomDialog =
  | { kind: 'mute' | 'remove' | 'ban'; person: Pick<Participant, 'peerId' | 'displayName'> }
  | { kind: 'new-invite' }
  | { kind: 'name-marker'; marker: RecordingMarker }
  | { kind: 'devices' }
  | { kind: 'revoke-invite'; invite: Invite };

/** One at a time, apart from the menus and popovers that ask: those close when it opens. */
const asked = createStore<{ dialog?: RoomDialog }>(() => ({}));

export function openRoomDialog(dialog: RoomDialog): void {
  asked.setState({ dialog });
}

export function closeRoomDialog(): void {
  asked.setState({}, true);
}

export function useRoomDialog(): RoomDialog | undefined {
  return useStore(asked, ({ dialog }) => dialog);
}
