import { beforeAll, describe, expect, it } from 'vitest';
import { RecordingStatus } from '../../../protocol/recordings.ts';
import { recorderStream, slicesOf } from './media.ts';
import { GUEST, HOST, room, STRANGER } from './recorded-room.ts';
import { ask, serveReplays } from './replay-server.ts';
import { openRecordings, record } from './studio-fixture.ts';

let slices: Buffer[];
beforeAll(async () => {
  slices = slicesOf(await recorderStream(3));
});

async function served() {
  const fixture = await openRecordings();
  const id = await record(fixture.recordings, slices);
  const node = await serveReplays(fixture.recordings);
  return { ...fixture, id, node, url: `${node}/api/streams/${room().roomId}/recording` };
}

const patch = (body: unknown) => ({
  method: 'PATCH',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, ((await response.json()) as { code: string }).code];
}

describe('the recording of a room', () => {
  it('is polled until it is ready', async () => {
    const { recordings, url, id } = await served();
    const status = async () => RecordingStatus.parse(await (await ask(url, GUEST)).json());
    expect(await status()).toMatchObject({ state: 'recording', recordingId: id });
    await recordings.stop(id);
    expect(await status()).toMatchObject({
      state: 'ready',
      playlistUrl: `/replays/${id}/index.m3u8`,
      manifestUrl: `/replays/${id}/manifest.json`,
    });
  });

  it('is the latest, or the one that is asked for by name', async () => {
    const { recordings, url, id, node } = await served();
    await recordings.stop(id);
    const later = await record(recordings, slices);
    await recordings.stop(later);
    const take = async (of: string) =>
      RecordingStatus.parse(await (await ask(`${url}${of}`, GUEST)).json()).recordingId;
    expect([await take(''), await take(`?recordingId=${id}`)]).toEqual([later, id]);
    expect(await codeOf(await ask(`${url}?recordingId=rec_0000000000000000`, GUEST))).toEqual([
      404,
      'recording-not-found',
    ]);
    const elsewhere = `${node}/api/streams/room_ffffffffffffffff/recording?recordingId=${id}`;
    expect(await codeOf(await ask(elsewhere, GUEST))).toEqual([404, 'recording-not-found']);
    expect((await ask(`${url}?recordingId=../x`, GUEST)).status).toBe(400);
    expect((await ask(`${url}?recordingId=${id}`, STRANGER)).status).toBe(403);
  });

  it('is shown to those who may watch it only', async () => {
    const { url } = await served();
    expect(await codeOf(await ask(url, STRANGER))).toEqual([403, 'forbidden']);
    expect(await codeOf(await ask(url, undefined))).toEqual([401, 'auth-required']);
  });

  it('does not exist where nothing was recorded', async () => {
    const { node } = await served();
    const response = await ask(`${node}/api/streams/room_ffffffffffffffff/recording`, HOST);
    expect(await codeOf(response)).toEqual([404, 'recording-not-found']);
    expect((await ask(`${node}/api/streams/nonsense/recording`, HOST)).status).toBe(400);
  });

  it('is pinned and kept longer by its host', async () => {
    const { url, clock } = await served();
    const retainUntil = new Date(clock.nowMs + 1e9).toISOString();
    const response = await ask(url, HOST, patch({ pinned: true, retainUntil }));
    expect(await response.json()).toMatchObject({ pinned: true, retainUntil });
  });

  it('is nobody else’s to keep or delete', async () => {
    const { url } = await served();
    expect(await codeOf(await ask(url, GUEST, patch({ pinned: true })))).toEqual([
      403,
      'forbidden',
    ]);
    expect(await codeOf(await ask(url, GUEST, { method: 'DELETE' }))).toEqual([403, 'forbidden']);
    expect(await codeOf(await ask(url, `guest:${HOST}`, { method: 'DELETE' }))).toEqual([
      403,
      'forbidden',
    ]);
    expect(await codeOf(await ask(url, undefined, { method: 'DELETE' }))).toEqual([
      401,
      'auth-required',
    ]);
  });

  it('is refused a date that is none, or is over', async () => {
    const { url } = await served();
    expect((await ask(url, HOST, patch({ retainUntil: 'tomorrow' }))).status).toBe(400);
    const past = await ask(url, HOST, patch({ retainUntil: '2020-01-01T00:00:00.000Z' }));
    expect(await codeOf(past)).toEqual([400, 'validation-failed']);
  });

  it('is deleted by its host once it has stopped', async () => {
    const { recordings, url, id } = await served();
    expect(await codeOf(await ask(url, HOST, { method: 'DELETE' }))).toEqual([
      409,
      'already-recording',
    ]);
    await recordings.stop(id);
    expect((await ask(url, HOST, { method: 'DELETE' })).status).toBe(204);
    expect(await (await ask(url, GUEST)).json()).toMatchObject({ state: 'expired' });
  });
});
