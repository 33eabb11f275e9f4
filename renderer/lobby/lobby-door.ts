import type { Room } from '../../protocol/rooms.ts';
import type { Offer } from '../rooms/features.ts';
import type { Explanation } from '../ui/explain.ts';
import type { Loaded } from '../ui/use-load.ts';
import type { PreviewState } from './use-device-preview.ts';

/** What decides whether the door of a room opens. */
export interface DoorFacts {
  streaming: Offer;
  /** What rooms that are encrypted end to end need of this browser. */
  encryption: Offer;
  room: Loaded<Room>;
  /** A guest has to say who they are; a member is known. */
  guest: { name: string | undefined } | undefined;
  devices: PreviewState['status'];
  /** The person is in some other room. */
  elsewhere: boolean;
}

/** Refusals that leave nothing to do at this door but read why. */
const CLOSED_DOORS: ReadonlySet<string> = new Set([
  'room-not-found',
  'room-closed',
  'room-full',
  'banned',
  'invite-required',
  'invite-expired',
  'invite-revoked',
  'invite-used',
  'invite-invalid',
  'knock-denied',
]);

/** Doors that somebody inside can open: there one may knock. */
const KNOCKABLE: ReadonlySet<string> = new Set([
  'invite-required',
  'invite-expired',
  'invite-revoked',
  'invite-used',
  'invite-invalid',
]);

/** Whether it helps to ask the host to be let in. */
export function canKnock(closed: Explanation): boolean {
  return KNOCKABLE.has(closed.code);
}

/**
 * Why nobody gets in at all, if so. Where a node does not look at invitations before joining
 * (`invite-required`), the door stays open to whoever holds one.
 */
export function closedDoor(
  room: Loaded<Room>,
  hasInvite: boolean,
  refusal: Explanation | undefined,
): Explanation | undefined {
  if (refusal && CLOSED_DOORS.has(refusal.code)) return refusal;
  if (room.status === 'ready' && room.value.state === 'ended') {
    return {
      code: 'room-closed',
      message: 'If it was recorded, its replay is in the host’s feed.',
    };
  }
  if (room.status !== 'failed') return undefined;
  return room.problem.code === 'invite-required' && hasInvite ? undefined : room.problem;
}

/**
 * Why the door is shut at which the person may knock at once: they chose to, or without any
 * invitation there is nothing else to do. `undefined` where they come in freely, or not at all.
 *
 * @param asks the closed door at which they chose to.
 */
export function knockableDoor(
  closed: Explanation | undefined,
  asks: Explanation | undefined,
): Explanation | undefined {
  if (asks && (!closed || closed.code === asks.code)) return asks;
  return closed?.code === 'invite-required' ? closed : undefined;
}

/** Why Join or “Ask to join” can't be pressed right now, as a sentence; `undefined` when it can. */
export function joinBlock(facts: DoorFacts): string | undefined {
  if (!facts.streaming.offered) return facts.streaming.why;
  if (facts.room.status === 'ready' && facts.room.value.private && !facts.encryption.offered) {
    return 'This room is encrypted end to end, and this browser can’t do that. Open its link in a current Chrome, Edge, Firefox or Safari.';
  }
  if (facts.elsewhere) return 'You are in another room. Leave it first.';
  if (facts.guest && facts.guest.name === undefined) return 'Enter your name to join.';
  if (facts.devices === 'asking') return 'Answer your browser’s question about the camera first.';
  if (facts.room.status === 'loading') return 'Looking for the room.';
  return undefined;
}
