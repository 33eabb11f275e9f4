import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { UpdateParticipantRequest } from '../../../protocol/participant-update.ts';
import { MuteControl } from '../../../renderer/rooms/mute-control.ts';
import { StreamingStore } from '../../../renderer/rooms/streaming-store.ts';
import { joined, roomUpdated } from '../../../renderer/rooms/streaming-transitions.ts';
import { participant, room } from './room-fixtures.ts';

/** A node that answers when the test says so, in the order it was asked. */
function nodeThatWaits() {
  const asked: (UpdateParticipantRequest & { answer: (refusal?: Error) => void })[] = [];
  const heard = Promise.withResolvers<void>();
  return {
    asked,
    heard: heard.promise,
    updateParticipant: (_roomId: string, _peerId: string, request: UpdateParticipantRequest) =>
      new Promise<undefined>((resolve, reject) => {
        const answer = (refusal?: Error) => (refusal ? reject(refusal) : resolve(undefined));
        asked.push({ ...request, answer });
        heard.resolve();
      }),
  };
}

function inRoom() {
  const store = new StreamingStore();
  const microphone = { kind: 'audio', enabled: true };
  const stream = { getTracks: () => [microphone] } as unknown as MediaStream;
  const ada = participant('ada');
  store.apply(joined, { room: room(), participant: ada, participants: [ada] }, { stream });
  const node = nodeThatWaits();
  return { store, microphone, node, mute: new MuteControl(node, store) };
}

describe('muting oneself', () => {
  it('acts at once, before the node has answered', async () => {
    const { store, microphone, node, mute } = inRoom();
    const done = mute.set('audio', true);
    expect(microphone.enabled).toBe(false);
    expect(store.state.self?.muted.audio).toBe(true);
    expect(mute.pending).toEqual({ audio: true });
    await node.heard;
    node.asked[0]?.answer();
    await done;
    expect(mute.pending).toEqual({});
    expect(microphone.enabled).toBe(false);
  });

  it('is taken back when the node refuses', async () => {
    const { store, microphone, node, mute } = inRoom();
    const done = mute.set('audio', true);
    await node.heard;
    node.asked[0]?.answer(new ProtocolError('room-closed', 'This room has ended.'));
    await expect(done).rejects.toThrow('This room has ended.');
    expect(store.state.self?.muted.audio).toBe(false);
    expect(microphone.enabled).toBe(true);
  });

  it('quickly on and off is told in order, and the last switch counts', async () => {
    const { microphone, node, mute } = inRoom();
    const first = mute.set('audio', true);
    const second = mute.set('audio', false);
    await node.heard;
    expect(node.asked.map(({ action }) => action)).toEqual(['mute']);
    node.asked[0]?.answer(new ProtocolError('rate-limited', 'Slower, please.'));
    await expect(first).rejects.toThrow('Slower');
    expect(microphone.enabled).toBe(true);
    expect(node.asked.map(({ action }) => action)).toEqual(['mute', 'unmute']);
    node.asked[1]?.answer();
    await second;
    expect(microphone.enabled).toBe(true);
  });

  it('can’t be undone against a moderator, and the node is not bothered', async () => {
    const { store, microphone, node, mute } = inRoom();
    const ada = participant('ada', {
      muted: { audio: true, video: false },
      mutedByModerator: { audio: true, video: false },
    });
    store.apply(roomUpdated, room(), [ada]);
    mute.applyToTracks();
    expect(microphone.enabled).toBe(false);
    await expect(mute.set('audio', false)).rejects.toMatchObject({ code: 'muted-by-moderator' });
    expect(microphone.enabled).toBe(false);
    expect(node.asked).toEqual([]);
  });
});
