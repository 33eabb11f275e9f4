import { describe, expect, it, vi } from 'vitest';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { ModerationRequest } from '../../../protocol/moderation.ts';
import type { UpdateParticipantRequest } from '../../../protocol/participant-update.ts';
import type { InvitationsRequest, Invite, Knock } from '../../../protocol/rooms.ts';
import { NodeUnreachable } from '../../../renderer/api/client.ts';
import { Invitations } from '../../../renderer/rooms/invitations.ts';
import { Moderator, type SignAct } from '../../../renderer/rooms/moderator.ts';
import { waitingActs } from '../../../renderer/rooms/moderator-acts.ts';
import { bannedMembers } from '../../../renderer/rooms/moderator-bans.ts';
import { invitesTold, knocksTold } from '../../../renderer/rooms/moderator-transitions.ts';
import { StreamingStore } from '../../../renderer/rooms/streaming-store.ts';
import { joined, left, rejoined } from '../../../renderer/rooms/streaming-transitions.ts';
import { participant, room } from './room-fixtures.ts';

const ada = participant('ada', { role: 'host' });
const lin = participant('lin');
const refusal = new ProtocolError('forbidden', 'Only the host may do that.');
const NOW = Date.parse('2026-01-01T12:00:00.000Z');

/** A node that agrees to everything, or refuses everything, or can't be reached for a while. */
function node(refuses: boolean) {
  const asked: (UpdateParticipantRequest | ModerationRequest | InvitationsRequest)[] = [];
  const gone = { away: false, tries: 0 };
  const hear = <T>(request: (typeof asked)[number], answer: T) => {
    gone.tries += 1;
    if (gone.away) return Promise.reject(new NodeUnreachable());
    asked.push(request);
    return refuses ? Promise.reject(refusal) : Promise.resolve(answer);
  };
  const made = { inviteId: 'inv_2', state: 'pending' } as Invite;
  return {
    asked,
    gone,
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

/** Retries on demand alone: nobody waits for a clock. */
const retry = { delayMs: () => 2 ** 31 - 1 };

function inRoom({
  refuses = false,
  signAct,
  now = () => NOW,
}: {
  refuses?: boolean;
  signAct?: SignAct;
  now?: () => number;
} = {}) {
  const store = new StreamingStore();
  store.apply(joined, { room: room(), participant: ada, participants: [ada, lin] });
  const api = node(refuses);
  const moderator = new Moderator({ api, store, signAct, retry, now });
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
    const signAct: SignAct = async (act) => ({ event: { ...signed, ...act }, believed: true });
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

describe('moderating while the node is away', () => {
  const mute = { action: 'mute', scope: 'audio', peerId: lin.peerId } as const;
  const sign =
    (believed = true): SignAct =>
    async (act) => ({ event: { ...signed, ...act, eventId: `mod_${act.action}00000` }, believed });

  /** With an act that the peers follow and the node has not heard of. */
  async function delayed(options: Parameters<typeof inRoom>[0] = {}) {
    const parts = inRoom({ signAct: sign(), ...options });
    parts.api.gone.away = true;
    const done = parts.moderator.moderate({ ...mute, durationMs: 60_000 });
    done.catch(() => undefined);
    await vi.waitUntil(() => waitingActs(parts.store.state).length === 1);
    return { ...parts, done };
  }

  it('keeps the act, marked, and tells the node once it is back', async () => {
    const { store, api, moderator, done } = await delayed();
    expect(store.state.participants[lin.peerId]?.mutedByModerator.audio).toBe(true);
    moderator.lookAgain();
    await vi.waitUntil(() => api.gone.tries === 2);
    api.gone.away = false;
    moderator.lookAgain();
    await done;
    expect(api.asked).toMatchObject([{ action: 'mute', event: { eventId: 'mod_mute00000' } }]);
    expect(store.state.acts).toEqual([]);
    expect(store.state.participants[lin.peerId]?.mutedByModerator.audio).toBe(true);
  });

  it('goes on signing for the peers, and tells the node in order', async () => {
    const { store, api, moderator, done } = await delayed();
    const lifted = moderator.moderate({ action: 'unmute', scope: 'audio', peerId: lin.peerId });
    expect(store.state.participants[lin.peerId]?.mutedByModerator.audio).toBe(false);
    expect(waitingActs(store.state)).toHaveLength(2);
    api.gone.away = false;
    moderator.lookAgain();
    await Promise.all([done, lifted]);
    expect(api.asked).toMatchObject([{ action: 'mute' }, { action: 'unmute' }]);
  });

  it('takes it back only when the node refuses', async () => {
    const { store, api, moderator, done } = await delayed({ refuses: true });
    api.gone.away = false;
    moderator.lookAgain();
    await expect(done).rejects.toBe(refusal);
    expect(store.state.participants[lin.peerId]).toEqual(lin);
  });

  it('keeps it through coming back as somebody else', async () => {
    const { store, api, moderator, done } = await delayed();
    const again = participant('ada2', { role: 'host' });
    const people = { room: room(), participant: again, participants: [again, lin] };
    store.apply(rejoined, people);
    expect(store.state.participants[lin.peerId]?.mutedByModerator.audio).toBe(true);
    api.gone.away = false;
    moderator.lookAgain();
    await done;
    expect(store.state.acts).toEqual([]);
  });

  it('forgets a mute that ran out before the node was back', async () => {
    let nowMs = NOW;
    const { store, api, moderator, done } = await delayed({ now: () => nowMs });
    nowMs += 60_000;
    api.gone.away = false;
    moderator.lookAgain();
    await done;
    expect(api.asked).toEqual([]);
    expect(store.state.participants[lin.peerId]).toEqual(lin);
  });

  it('says so when the room is left before the node heard of it', async () => {
    const { store, moderator, done } = await delayed();
    store.apply(left);
    moderator.lookAgain();
    await expect(done).rejects.toMatchObject({ code: 'room-closed' });
  });

  it('takes an act back at once that not even the peers believe', async () => {
    const { store, api, moderator } = inRoom({ signAct: sign(false) });
    api.gone.away = true;
    await expect(moderator.moderate(mute)).rejects.toBeInstanceOf(NodeUnreachable);
    expect(store.state.participants[lin.peerId]).toEqual(lin);
  });

  it('shows a ban in the list of those who are banned', async () => {
    const { store, api, moderator } = inRoom({ signAct: sign() });
    api.gone.away = true;
    void moderator.moderate({ action: 'ban', peerId: lin.peerId });
    await vi.waitUntil(() => waitingActs(store.state).length === 1);
    expect(bannedMembers(store.state, NOW)).toMatchObject([{ userId: lin.userId, name: 'lin' }]);
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
