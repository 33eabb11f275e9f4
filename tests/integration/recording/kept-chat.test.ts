import { describe, expect, it } from 'vitest';
import { KeptChatStore } from '../../../main/recording/chat/kept-chat.ts';
import type { ChatMessage } from '../../../protocol/chat.ts';
import { recorderStream, slicesOf } from './media.ts';
import { GUEST, HOST, room, STRANGER, WEBM } from './recorded-room.ts';
import { ask, serveReplays } from './replay-server.ts';
import { openRecordings } from './studio-fixture.ts';

const message = (n: number): ChatMessage => ({
  messageId: `msg_${String(n).padStart(16, '0')}`,
  roomId: room().roomId,
  author: { userId: `u_${'A'.repeat(22)}`, displayName: 'Ada' },
  at: '2026-01-01T12:00:00.000Z',
  text: `Secret words ${n}`,
});

async function kept() {
  const fixture = await openRecordings();
  const { recordings, db, options } = fixture;
  const chat = new KeptChatStore({ db, masterKey: options.masterKey });
  const { recordingId } = await recordings.start(room(), WEBM);
  for (const [seq, slice] of slicesOf(await recorderStream(4)).entries()) {
    await recordings.append(recordingId, seq, slice);
  }
  chat.keep(recordingId, { take: 0, takeMs: 1_500 }, message(1));
  chat.keep(recordingId, { take: 0, takeMs: 90_000 }, message(2));
  chat.keep(recordingId, { take: 0, takeMs: 2_000 }, message(1));
  await recordings.stop(recordingId);
  const node = await serveReplays(recordings, { chat });
  const get = (as?: string) => ask(`${node}/replays/${recordingId}/chat.json`, as);
  const remove = (as: string, messageId = message(1).messageId) =>
    ask(`${node}/replays/${recordingId}/chat/${messageId}`, as, { method: 'DELETE' });
  return { ...fixture, chat, recordingId, get, remove };
}

describe('a chat that is kept with a recording', () => {
  it('is told to its audience, each message once and at its time', async () => {
    const { get } = await kept();
    const answer = await get(GUEST);
    expect(answer.headers.get('cache-control')).toMatch(/^private/);
    expect(await answer.json()).toEqual({
      messages: [
        expect.objectContaining({ atMs: 1_500, text: 'Secret words 1' }),
        expect.objectContaining({ atMs: expect.closeTo(4_000, -2), text: 'Secret words 2' }),
      ],
    });
    for (const [as, status] of [
      [STRANGER, 403],
      [`guest:${STRANGER}`, 403],
      [undefined, 401],
    ] as const) {
      const refused = await get(as);
      expect([refused.status, await refused.text()]).toEqual([
        status,
        expect.not.stringContaining('Secret'),
      ]);
    }
  });

  it('lies encrypted in the database', async () => {
    const { db } = await kept();
    const rows = db.prepare('SELECT * FROM recording_chat').all();
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(Buffer.from(row.message as Uint8Array).includes('Secret')).toBe(false);
    }
  });

  it('is the host’s to take away', async () => {
    const { get, remove } = await kept();
    for (const as of [GUEST, STRANGER]) {
      const refused = await remove(as);
      expect(await refused.json()).toMatchObject({ code: 'forbidden' });
    }
    expect((await remove(HOST)).status).toBe(204);
    expect((await remove(HOST)).status).toBe(204);
    const { messages } = (await (await get(GUEST)).json()) as { messages: unknown[] };
    expect(messages).toHaveLength(1);
    expect((await remove(HOST, '../x')).status).toBe(404);
  });

  it('has an end', async () => {
    const { chat, recordingId, db } = await kept();
    db.exec('BEGIN');
    const fill = () => {
      for (let n = 10; n < 20_100; n += 1)
        chat.keep(recordingId, { take: 0, takeMs: 0 }, message(n));
    };
    expect(fill).toThrow(/20000 messages at most/);
    db.exec('COMMIT');
  });
});
