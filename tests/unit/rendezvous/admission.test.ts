import { describe, expect, it } from 'vitest';
import { type AdmissionRequest, admit } from '../../../main/rendezvous/admission.ts';
import type { InviteRecord } from '../../../main/rendezvous/room-record.ts';

const MEMBER = { userId: 'u_member', guest: false };
const GUEST = { userId: 'u_guest', guest: true };
const HOST = { userId: 'u_host', guest: false };

function invite(about: Partial<InviteRecord> = {}): InviteRecord {
  return {
    inviteId: 'inv_1',
    roomId: 'room_1',
    handle: undefined,
    label: undefined,
    singleUse: false,
    createdAt: 0,
    role: 'listener',
    expiresAt: 1000,
    revoked: false,
    usedBy: new Map(),
    ...about,
  };
}

function role(about: Partial<AdmissionRequest>): string {
  try {
    return admit({
      visibility: 'invite-only',
      hostUserId: HOST.userId,
      caller: MEMBER,
      invite: undefined,
      formerRole: undefined,
      now: 0,
      ...about,
    });
  } catch (error) {
    return String((error as { code: string }).code);
  }
}

describe('who may enter', () => {
  it('a public room: everybody, as speaker', () => {
    expect(role({ visibility: 'public' })).toBe('speaker');
    expect(role({ visibility: 'public', caller: GUEST })).toBe('speaker');
  });

  it('a room for followers: members, and guests only by invitation', () => {
    expect(role({ visibility: 'followers' })).toBe('speaker');
    expect(role({ visibility: 'followers', caller: GUEST })).toBe('invite-required');
    expect(role({ visibility: 'followers', caller: GUEST, invite: invite() })).toBe('listener');
  });

  it('an invite-only room: its host, and who has an invitation', () => {
    expect(role({})).toBe('invite-required');
    expect(role({ caller: HOST })).toBe('host');
    expect(role({ invite: invite({ role: 'cohost' }) })).toBe('cohost');
  });

  it('a room one was in before: in the same role', () => {
    expect(role({ formerRole: 'listener' })).toBe('listener');
  });
});

describe('an invitation', () => {
  it('works until the moment it expires', () => {
    expect(role({ invite: invite(), now: 999 })).toBe('listener');
    expect(role({ invite: invite(), now: 1000 })).toBe('invite-expired');
  });

  it('that was taken back lets nobody in, not even into a public room', () => {
    expect(role({ invite: invite({ revoked: true }) })).toBe('invite-revoked');
    expect(role({ invite: invite({ revoked: true }), visibility: 'public' })).toBe(
      'invite-revoked',
    );
  });

  it('with a name on it is for one person', () => {
    const usedBy = new Map([['u_member', 'Ann']]);
    expect(role({ invite: invite({ handle: 'ann', singleUse: true, usedBy }) })).toBe('listener');
    expect(
      role({ invite: invite({ handle: 'ann', singleUse: true, usedBy }), caller: GUEST }),
    ).toBe('invite-used');
  });

  it('without a name is for everybody who has the link', () => {
    expect(
      role({ invite: invite({ usedBy: new Map([['u_member', 'Ann']]) }), caller: GUEST }),
    ).toBe('listener');
  });
});

describe('somebody a moderator has decided about', () => {
  const link = invite({ role: 'speaker' });

  it('keeps what they were made, whatever link they show', () => {
    const decided = { formerRole: 'listener', decidedRole: 'listener' } as const;
    expect(role({ ...decided, invite: link })).toBe('listener');
    expect(role({ ...decided })).toBe('listener');
    expect(role({ ...decided, invite: invite({ revoked: true }) })).toBe('invite-revoked');
  });

  it('who was taken out comes back by an invitation alone, as no more than they were', () => {
    expect(role({ visibility: 'public', removed: true })).toBe('invite-required');
    expect(role({ visibility: 'followers', removed: true })).toBe('invite-required');
    expect(role({ removed: true, invite: link })).toBe('speaker');
    expect(role({ removed: true, decidedRole: 'listener', invite: link })).toBe('listener');
    expect(role({ removed: true, decidedRole: 'cohost', invite: link })).toBe('speaker');
  });

  it('and was approved since is in again', () => {
    expect(role({ visibility: 'public', removed: true, formerRole: 'speaker' })).toBe('speaker');
  });
});
