import { Handle } from '../../../protocol/identity.ts';
import { Invitee } from '../../../protocol/rooms.ts';

/** How long an invitation is good for. */
export const INVITE_LIFETIMES = [
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '24 hours' },
  { value: '604800', label: '7 days' },
] as const;

/** An invitation as it is being made. */
export interface InviteDraft {
  /** A label, or a handle behind an `@`. */
  who: string;
  role: Invitee['role'];
  /** Seconds, as its choice is called. */
  lifetime: (typeof INVITE_LIFETIMES)[number]['value'];
  singleUse: boolean;
}

/** Whether a draft names one member, who alone can use it. */
export function namesMember({ who }: Pick<InviteDraft, 'who'>): boolean {
  return who.trim().startsWith('@');
}

/** What to ask the node for, or what is wrong with whom it is for. */
export function inviteeOf(
  draft: InviteDraft,
): { ok: true; invitee: Invitee } | { ok: false; problem: string } {
  const who = draft.who.trim();
  if (who === '') return { ok: false, problem: 'Say whom it is for.' };
  const common = { role: draft.role, expiresIn: Number(draft.lifetime) };
  if (namesMember(draft)) {
    const handle = Handle.safeParse(who.slice(1).toLowerCase());
    return handle.success
      ? { ok: true, invitee: { ...common, handle: handle.data, singleUse: true } }
      : { ok: false, problem: 'A handle is 2 to 32 letters, digits, "-" or "_".' };
  }
  const invitee = Invitee.safeParse({ ...common, label: who, singleUse: draft.singleUse });
  return invitee.success
    ? { ok: true, invitee: invitee.data }
    : { ok: false, problem: 'Use 60 characters at most.' };
}
