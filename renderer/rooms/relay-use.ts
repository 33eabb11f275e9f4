import type { RelayState } from '../../protocol/rooms.ts';
import type { StreamingState } from './streaming.ts';

/** How much of the node's relay (TURN) the room uses. */
export interface RelayUse {
  /** Whose media go through it. */
  people: number;
  state: RelayState;
  /** Most people of the room who may be relayed; known once that is near. */
  cap?: number;
}

export function relayUse({ room, participants }: Pick<StreamingState, 'room' | 'participants'>) {
  const relayed = Object.values(participants).filter(({ connection }) => connection === 'turn');
  const use: RelayUse = { people: relayed.length, state: room?.relay ?? 'available' };
  return room?.relayCap === undefined ? use : { ...use, cap: room.relayCap };
}
