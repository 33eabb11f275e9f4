import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { ModerationRequest } from '../../../protocol/moderation.ts';
import type { UpdateParticipantRequest } from '../../../protocol/participant-update.ts';
import type { InvitationsRequest, Invite, Knock } from '../../../protocol/rooms.ts';
import { Invitations } from '../../../renderer/rooms/invitations.ts';
import { Moderator, type SignAct } from '../../../renderer/rooms/moderator.ts';
import { invitesTold, knocksTold } from '../../../renderer/rooms/moderator-transitions.ts';
import { StreamingStore } from '../../../renderer/rooms/streaming-store.ts';
import { joined } from '../../../renderer/rooms/streaming-transitions.ts';
import { participant, room } from './room-fixtures.ts';

const ada = participant('ada', { role: 'host' });
const lin = participant('lin');
const refusal = new ProtocolError('forbidden', 'Only the host may do that.');
const NOW = Date.parse('2026-01-01T12:00:00.000Z');

/** A node that agrees to everything, or refuses everything. */
function node(refuses: boolean) {
  const asked: (UpdateParticipantRequest | ModerationRequest | InvitationsRequest)[] = [];
  const hear = <T>(request: (typeof asked)[number], answer: T) => {
    asked.push(request);
    return refuses ? Promise.reject(refusal) : Promise.resolve(answer);
  };
  const made = { inviteId: 'inv_2', state: 'pending' } as Invite;
  return {
    asked,
    updateParticipant: (_r: string, _p: string, request: UpdateParticipantRequest) =>
      hear(request, undefined),
    moderate: (_r: string, request: ModerationRequest) => hear(request, { event: signed }),
    moderationLog: () => Promise.resolve({ events: [signed] }),
    invitations: (_r: string, request: InvitationsRequest) =>
      hear(request, { invites: [made, invite] }),
  };
}

const signed = {
  eventId: 'mod_0123456789',
  roomId: room().roomId,
  lamport: 1,
  at: '2026-01-01T12:00:00.000Z',
  action: 'ban',
  targetPeerId: lin.peerId,
  targetUserId: lin.userId,
  actor: { userId: ada.userId, role: 'host' },
  signature: 's',
} as const;
const invite = { inviteId: 'inv_1', state: 'pending' } as Invite;
const knock = { peerId: 'peer_knock0000000' } as Knock;

function inRoom({ refuses = false, signAct }: { refuses?: boolean; signAct?: SignAct } = {}) {
  const store = new StreamingStore();
  store.apply(joined, { room: room(), participant: ada, participants: [ada, lin] });
  const api = node(refuses);
  const moderator = new Moderator({ api, store, signAct, now: () => NOW });
  return { store, api, moderator, invitations: new Invitations(api, store) };
}

describe('moderating', () => {
  it('shows the effect at once and asks the node with the limit as a time', async () => {
    const { store, api, moderator } = inRoom();
    const done = moderator.moderate({
      action: 'mute',
      scope: 'audio',
      peerId: lin.peerId,
      durationMs: 300_000,
    });
    expect(store.state.participants[lin.peerId]?.mutedByModerator.audio).toBe(true);
    await done;
    expect(api.asked).toEqual([
      { action: 'mute', scope: 'audio', expiresAt: '2026-01-01T12:05:00.000Z' },
    ]);
    expect(store.state.acts).toEqual([]);
    expect(store.state.participants[lin.peerId]?.mutedByModerator.audio).toBe(true);
  });

  it('is taken back with the node’s sentence when it refuses', async () => {
    const { store, moderator } = inRoom({ refuses: true });
    const done = moderator.moderate({ action: 'remove', peerId: lin.peerId });
    expect(store.state.participants[lin.peerId]).toBeUndefined();
    await expect(done).rejects.toThrow('Only the host may do that.');
    expect(store.state.participants[lin.peerId]).toEqual(lin);
  });

  it('of somebody who left is refused here', async () => {
    const { api, moderator } = inRoom();
    const act = { action: 'remove', peerId: 'peer_nobody000000' } as const;
    await expect(moderator.moderate(act)).rejects.toMatchObject({ code: 'peer-not-found' });
    expect(api.asked).toEqual([]);
  });

  it('sends the act as it was signed here', async () => {
    const signAct: SignAct = async (act) => ({ ...signed, ...act });
    const { api, moderator } = inRoom({ signAct });
    const act = { action: 'ban', peerId: lin.peerId, durationS: 600, reason: 'Spam' } as const;
    await moderator.moderate(act);
    expect(api.asked).toMatchObject([
      {
        action: 'ban',
        targetPeerId: lin.peerId,
        duration: 600,
        reason: 'Spam',
        event: { targetUserId: lin.userId, expiresAt: '2026-01-01T12:10:00.000Z' },
      },
    ]);
  });

  it('that can’t be signed is taken back, and the node is not asked', async () => {
    const { store, api, moderator } = inRoom({ signAct: () => Promise.reject(refusal) });
    const done = moderator.moderate({ action: 'demote', role: 'listener', peerId: lin.peerId });
    await expect(done).rejects.toBe(refusal);
    expect(store.state.participants[lin.peerId]?.role).toBe('speaker');
    expect(api.asked).toEqual([]);
  });

  it('lifts a ban that was made before we came', async () => {
    const { store, api, moderator } = inRoom();
    store.apply(joined, { room: room(), participant: ada, participants: [ada] });
    await moderator.catchUp();
    await moderator.moderate({ action: 'unban', peerId: lin.peerId });
    expect(api.asked).toEqual([{ action: 'unban', targetPeerId: lin.peerId }]);
  });
});

describe('answering a knock', () => {
  it('clears the card at once', async () => {
    const { store, api, moderator } = inRoom();
    store.apply(knocksTold, [knock]);
    const done = moderator.answerKnock(knock.peerId, 'approve');
    expect(store.state.knocks).toEqual([]);
    await done;
    expect(api.asked).toEqual([{ action: 'approve' }]);
  });

  it('brings it back when the node refuses', async () => {
    const { store, moderator } = inRoom({ refuses: true });
    store.apply(knocksTold, [knock]);
    await expect(moderator.answerKnock(knock.peerId, 'deny')).rejects.toBe(refusal);
    expect(store.state.knocks).toEqual([knock]);
  });
});

describe('inviting', () => {
  it('answers the new invitation among all', async () => {
    const { store, invitations } = inRoom();
    store.apply(invitesTold, [invite]);
    expect((await invitations.mint({ role: 'speaker' })).inviteId).toBe('inv_2');
    expect(store.state.invites).toHaveLength(2);
  });

  it('takes back what it showed as revoked when the node refuses', async () => {
    const { store, invitations } = inRoom({ refuses: true });
    store.apply(invitesTold, [invite]);
    const done = invitations.revoke('inv_1');
    expect(store.state.invites[0]?.state).toBe('revoked');
    await expect(done).rejects.toBe(refusal);
    expect(store.state.invites).toEqual([invite]);
  });

  it('outside of a room is refused', async () => {
    const store = new StreamingStore();
    const invitations = new Invitations(node(false), store);
    await expect(invitations.refresh()).rejects.toMatchObject({ code: 'room-closed' });
  });
});
