import { beforeAll, describe, expect, it } from 'vitest';
import { Feed } from '../../../main/feed/feed.ts';
import { publishRecordings } from '../../../main/publishing/publish-recordings.ts';
import { RecordedRooms } from '../../../main/publishing/recorded-rooms.ts';
import { RoomRegistry } from '../../../main/rendezvous/room-registry.ts';
import { recorderStream, slicesOf } from './media.ts';
import { HOST, room, WEBM } from './recorded-room.ts';
import { openRecordings, PATIENCE } from './studio-fixture.ts';

let slices: Buffer[];
beforeAll(async () => {
  slices = slicesOf(await recorderStream(2));
});

/** A room that is being recorded, and what people in it are told. */
async function recordedRoom() {
  const { recordings, db, clock } = await openRecordings();
  const now = () => clock.nowMs;
  const rooms = new RoomRegistry({ clock: now });
  const feed = new Feed({ db, clock: now });
  const recordedRooms = new RecordedRooms(db);
  publishRecordings({ recordings, rooms, feed, recordedRooms, clock: now });
  const host = {
    ...{ userId: HOST, handle: 'ann', displayName: 'Ann', publicKey: 'A'.repeat(43) },
    ...{ scopes: [], guest: false },
  };
  const { roomId } = rooms.create(host, {
    context: 'profile',
    title: 'A room',
    visibility: 'public',
  });
  rooms.requestRecording(roomId, true);
  const { recordingId } = await recordings.start(room({ roomId }), WEBM);
  for (const [seq, slice] of slices.entries()) await recordings.append(recordingId, seq, slice);
  return { recordings, recordingId, roomId, clock, told: () => rooms.require(roomId) };
}

describe('people in a recorded room', () => {
  it('are told that it is paused, for how long, and that it goes on', async () => {
    const { recordings, recordingId, clock, told } = await recordedRoom();
    recordings.live.setPaused(recordingId, true);
    expect(told()).toMatchObject({
      recording: 'recording',
      recordingPausedAt: new Date(clock.nowMs).toISOString(),
    });
    clock.nowMs += 7_000;
    recordings.live.setPaused(recordingId, false);
    expect(told().recordingPausedAt).toBeUndefined();
    expect(told().recordingPausedMs).toBe(7_000);
  });

  it('are told what is amiss, and nothing of it once it is over', async () => {
    const { recordings, recordingId, told } = await recordedRoom();
    recordings.live.setRestarting(recordingId, true);
    expect(told().recordingTrouble?.code).toBe('recorder-restarting');
    recordings.live.setRestarting(recordingId, false);
    expect(told().recordingTrouble).toBeUndefined();
    recordings.live.setRestarting(recordingId, true);
    await recordings.stop(recordingId);
    expect(told()).toMatchObject({ recording: 'off' });
    expect(told().recordingTrouble).toBeUndefined();
  });

  it('see that a recording has to end, and then why it did', async () => {
    const { recordings, roomId, told } = await recordedRoom();
    recordings.emit('mustEnd', roomId);
    expect(told().recording).toBe('stopping');
    await recordings.finishAll();
    await expect.poll(told, PATIENCE).toMatchObject({
      recording: 'off',
      recordingError: expect.stringContaining('window was closed'),
    });
  });
});
