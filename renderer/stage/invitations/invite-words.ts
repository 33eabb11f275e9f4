import type { Invite, InviteState } from '../../../protocol/rooms.ts';
import { relativeTime } from '../../ui/relative-time.ts';
import { namesInWords } from '../names-in-words.ts';
import { roleName } from '../room-people.ts';

/** What an invitation is called in a list. */
export function inviteName({ handle, label, singleUse }: Invite): string {
  if (handle !== undefined) return `@${handle}`;
  return label ?? (singleUse ? 'Link for one person' : 'Open link');
}

/** An invitation's state at `nowMs`: it may have run out since the node told of it. */
export function inviteStateAt({ state, expiresAt }: Invite, nowMs: number): InviteState {
  return state === 'pending' && Date.parse(expiresAt) <= nowMs ? 'expired' : state;
}

/** Whether nobody can come by it any more, other than by having been here. */
export function isPast(invite: Invite, nowMs: number): boolean {
  const state = inviteStateAt(invite, nowMs);
  return state === 'expired' || state === 'revoked';
}

/** Role, use and end of an invitation, e.g. `Speaker · used by Ada · expires in 3 hr.` */
export function inviteLine(invite: Invite, nowMs: number): string {
  const role = roleName(invite.role);
  const used =
    invite.usedBy.length === 0
      ? undefined
      : `used by ${namesInWords(invite.usedBy.map(({ displayName }) => displayName))}`;
  const state = inviteStateAt(invite, nowMs);
  const end = relativeTime(Date.parse(invite.expiresAt), nowMs);
  const words: Record<InviteState, (string | undefined)[]> = {
    pending: [used ?? 'not used yet', invite.singleUse ? 'for one person' : undefined, ends(end)],
    used: [used, ends(end)],
    expired: [used, `expired ${end}`],
    revoked: [used, 'taken back'],
  };
  return [role, ...words[state]].filter((part) => part !== undefined).join(' · ');
}

function ends(end: string): string {
  return end === 'now' ? 'expires now' : `expires ${end}`;
}
