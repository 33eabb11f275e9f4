import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { HEADER_BYTES, storedLength } from '../../../main/recording/journal/journal-record.ts';
import { recorderStream, slicesOf } from './media.ts';
import { newSigner, room } from './recorded-room.ts';
import { openRecordings, record, statusWhere, temporaryFolder } from './studio-fixture.ts';

const LIBRARY_CHILD = fileURLToPath(new URL('./library-child.ts', import.meta.url));
const CHILD = fileURLToPath(new URL('./recorder-child.ts', import.meta.url));

let stream: Buffer;
let slices: Buffer[];
beforeAll(async () => {
  stream = await recorderStream(12);
  slices = slicesOf(stream);
});

/** A recording that was cut off by `SIGKILL`, and what is needed to open its studio again. */
async function killedStudio(afterAck: number) {
  const dataDir = await temporaryFolder();
  const secret = randomBytes(32);
  const child = await startChild(dataDir, secret, 'hang');
  let lastAck = -1;
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    lastAck = Number(line.replace('ack ', ''));
    if (lastAck === afterAck) break;
  }
  expect(lastAck).toBe(afterAck);
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
  return { dataDir, masterKey: secret, signer: newSigner(secret), lastAck };
}

async function startChild(
  dataDir: string,
  secret: Buffer,
  then: 'hang' | 'stop',
  limit = '',
): Promise<ChildProcess> {
  const streamFile = join(dataDir, 'stream.mkv');
  await writeFile(streamFile, stream);
  const args = [CHILD, dataDir, streamFile, secret.toString('hex'), then];
  const child = spawn('/bin/sh', ['-c', `${limit} exec "$0" "$@"`, process.execPath, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** How much of the stream plays when it is cut after this slice, by ffmpeg's own account. */
async function playableMs(uptoSlice: number): Promise<number> {
  const { recordings } = await openRecordings();
  const id = await record(recordings, slices.slice(0, uptoSlice + 1));
  return (await recordings.stop(id)).durationMs;
}

/** A stopped recording turned back into one that a crash cut off, journal included. */
async function crashed() {
  const fixture = await openRecordings({ ffmpegPath: join('/', 'nowhere', 'ffmpeg') });
  const id = await record(fixture.recordings, slices);
  await fixture.recordings.stop(id);
  fixture.db.prepare("UPDATE recordings SET state = 'recording', error = NULL").run();
  const journal = join(fixture.folderOf(id), 'journal.swj');
  const reopen = () =>
    openRecordings({ ...fixture.options, dataDir: fixture.dataDir, ffmpegPath: 'ffmpeg' });
  return { ...fixture, id, journal, reopen };
}

/** Where slice `seq` begins in the journal. */
function offsetOf(seq: number): number {
  return slices
    .slice(0, seq)
    .reduce((sum, slice) => sum + HEADER_BYTES + storedLength(slice.length), 0);
}

async function flipByte(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 0x01]), 0, 1, at);
  await file.close();
}

describe('after a crash', () => {
  it('everything that was acknowledged is in the replay', async () => {
    const { lastAck, ...studio } = await killedStudio(Math.floor(slices.length * 0.8));
    const { recordings } = await openRecordings(studio);
    await recordings.recover();

    const status = recordings.statusOfRoom(room().roomId);
    expect(status).toMatchObject({ state: 'ready', recovered: true });
    expect(status?.durationMs).toBeGreaterThanOrEqual(await playableMs(lastAck));
    expect(await recordings.verify(String(status?.recordingId))).toMatchObject({ ok: true });
  });

  it('a second crash while it is being finished loses nothing either', async () => {
    const { recordings, reopen, id, folderOf, db } = await crashed();
    await recordings.close();
    const first = await reopen();
    const whole = statusWhere(first.recordings, (status) => status.state === 'ready');
    await first.recordings.recover();
    const { durationMs } = await whole;
    // As if the power went before the catalogue's note reached the disk.
    await first.recordings.close();
    db.prepare("UPDATE recordings SET state = 'finalizing', duration_ms = 0").run();
    await rm(join(folderOf(id), 'journal.swj'), { force: true });

    const second = await reopen();
    await second.recordings.recover();
    expect(second.recordings.statusOfRoom(room().roomId)).toMatchObject({
      state: 'ready',
      durationMs,
    });
  });

  it('a slice that was not written to its end is left out, the rest plays', async () => {
    const { reopen, journal, id, folderOf } = await crashed();
    await truncate(journal, offsetOf(slices.length - 1) + HEADER_BYTES + 5);
    const { recordings } = await reopen();
    await recordings.recover();
    expect(recordings.statusOfRoom(room().roomId)).toMatchObject({
      state: 'ready',
      durationMs: await playableMs(slices.length - 2),
    });
    expect(await readdir(folderOf(id))).not.toContain('journal.damaged.swj');
  });

  it('a damaged slice is left out, the rest plays, and the journal is put aside', async () => {
    const { reopen, journal, id, folderOf } = await crashed();
    const middle = Math.floor(slices.length / 2);
    await flipByte(journal, offsetOf(middle) + HEADER_BYTES);
    const { recordings } = await reopen();
    await recordings.recover();
    const status = recordings.statusOfRoom(room().roomId);
    expect(status).toMatchObject({ state: 'ready', recovered: true });
    expect(status?.durationMs).toBeGreaterThan(await playableMs(middle - 1));
    expect(await readdir(folderOf(id))).toContain('journal.damaged.swj');
  });

  it('a journal that becomes unreadable is used up to there and put aside', async () => {
    const { reopen, journal, id, folderOf } = await crashed();
    const middle = Math.floor(slices.length / 2);
    await flipByte(journal, offsetOf(middle));
    const { recordings } = await reopen();
    await recordings.recover();
    expect(recordings.statusOfRoom(room().roomId)).toMatchObject({
      state: 'ready',
      durationMs: await playableMs(middle - 1),
    });
    expect(await readdir(folderOf(id))).toContain('journal.damaged.swj');
  });

  it('another master key opens nothing, says so, and the right one still does', async () => {
    const { reopen, options, dataDir } = await crashed();
    const wrong = await openRecordings({
      ...options,
      dataDir,
      ffmpegPath: 'ffmpeg',
      masterKey: randomBytes(32),
    });
    await wrong.recordings.recover();
    expect(wrong.recordings.statusOfRoom(room().roomId)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('another key'),
    });
    const { recordings } = await reopen();
    await recordings.recover();
    expect(recordings.statusOfRoom(room().roomId)).toMatchObject({ state: 'ready' });
  });

  it('a studio without ffmpeg keeps the recording until there is one', async () => {
    const { reopen, options, dataDir } = await crashed();
    const without = await openRecordings({ ...options, dataDir, ffmpegPath: undefined });
    await without.recordings.recover();
    expect(without.recordings.statusOfRoom(room().roomId)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('ffmpeg'),
    });
    const { recordings } = await reopen();
    await recordings.recover();
    const status = recordings.statusOfRoom(room().roomId);
    expect(status?.state).toBe('ready');
    expect(status?.error).toBeUndefined();
  });

  it('a recording whose folder is empty says that nothing was recorded', async () => {
    const { reopen, journal } = await crashed();
    await rm(journal);
    const { recordings } = await reopen();
    await recordings.recover();
    expect(recordings.statusOfRoom(room().roomId)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('Nothing was recorded'),
    });
  });

  it('a replay that was damaged before its journal went is made again', async () => {
    const { reopen, id, journal, folderOf, dataDir } = await crashed();
    await cp(journal, join(dataDir, 'journal.copy'));
    const first = await reopen();
    await first.recordings.recover();
    await first.recordings.close();
    await cp(join(dataDir, 'journal.copy'), journal);
    await flipByte(join(folderOf(id), 'segment-000001.m4s'), 100);

    const second = await reopen();
    const again = statusWhere(second.recordings, (status) => status.state === 'ready');
    await second.recordings.recover();
    await again;
    expect(await second.recordings.verify(id)).toMatchObject({ ok: true });
  });
});

describe('what a crash left is recovered as far as it goes, and nothing of it is deleted:', () => {
  it('two crashes in a row, the second while the first is made up for', async () => {
    const { lastAck, ...studio } = await killedStudio(Math.floor(slices.length * 0.5));
    const again = spawnSync(
      process.execPath,
      [LIBRARY_CHILD, studio.dataDir, studio.masterKey.toString('hex'), 'recover', 'finalizing'],
      { encoding: 'utf8' },
    );
    expect(again).toMatchObject({ signal: 'SIGKILL', stdout: '' });
    const { recordings } = await openRecordings(studio);
    await recordings.recover();
    const status = recordings.statusOfRoom(room().roomId);
    expect(status).toMatchObject({ state: 'ready', recovered: true });
    expect(status?.durationMs).toBeGreaterThanOrEqual(await playableMs(lastAck));
    expect(await recordings.verify(String(status?.recordingId))).toMatchObject({ ok: true });
  });

  it('a journal of which nothing can be read stays for somebody to look at', async () => {
    const { reopen, journal, id, folderOf } = await crashed();
    await flipByte(journal, 0);
    const before = await readFile(journal);
    for (let start = 0; start < 2; start += 1) {
      const { recordings } = await reopen();
      await recordings.recover();
      expect(recordings.statusOfRoom(room().roomId)).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('is kept'),
      });
      await recordings.close();
    }
    expect(await readdir(folderOf(id))).toContain('journal.swj');
    expect(await readFile(journal)).toEqual(before);
  });

  it('a segment that went missing is made again while its journal is there', async () => {
    const { reopen, id, journal, folderOf, dataDir, db } = await crashed();
    await cp(journal, join(dataDir, 'journal.copy'));
    const first = await reopen();
    await first.recordings.recover();
    await first.recordings.settled();
    await first.recordings.close();
    await cp(join(dataDir, 'journal.copy'), journal);
    await rm(join(folderOf(id), 'segment-000002.m4s'));
    db.prepare("UPDATE recordings SET state = 'finalizing'").run();

    const { recordings } = await reopen();
    await recordings.recover();
    expect(await recordings.verify(id)).toMatchObject({ ok: true });
    expect(recordings.statusOfRoom(room().roomId)).toMatchObject({
      state: 'ready',
      durationMs: await playableMs(slices.length - 1),
    });
  });

  it('a segment that went missing later is named, and the others stay', async () => {
    const { reopen, id, folderOf } = await crashed();
    const { recordings } = await reopen();
    await recordings.recover();
    await recordings.settled();
    const before = await readdir(folderOf(id));
    await rm(join(folderOf(id), 'segment-000002.m4s'));
    expect(await recordings.verify(id)).toMatchObject({
      ok: false,
      problems: [{ file: 'segment-000002.m4s', reason: 'is missing' }],
    });
    await recordings.recover();
    expect(await readdir(folderOf(id))).toHaveLength(before.length - 1);
  });

  it('a folder that is gone says that nothing is there, and the others are recovered', async () => {
    const { reopen, id, folderOf, options, dataDir } = await crashed();
    const other = await openRecordings({ ...options, dataDir });
    const second = await record(other.recordings, slices, room({ roomId: 'room_other0123456789' }));
    await other.recordings.stop(second);
    await other.recordings.close();
    await rm(folderOf(id), { recursive: true });
    const { recordings } = await reopen();
    await recordings.recover();
    expect(recordings.statusOfRoom(room().roomId)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('Nothing was recorded'),
    });
    expect(recordings.statusOfRoom('room_other0123456789')?.state).toBe('ready');
  });
});

describe('a full disk', () => {
  it('refuses the slice that does not fit, and keeps all before it', async () => {
    const dataDir = await temporaryFolder();
    const secret = randomBytes(32);
    // POSIX counts in blocks of 512 bytes.
    const blocks = Math.floor((stream.length * 0.75) / 512);
    const child = await startChild(dataDir, secret, 'stop', `ulimit -f ${blocks};`);
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
      lines.push(line);
    }
    expect(lines.slice(-2)).toEqual(['refused storage-full', 'ended ready']);
    expect(lines.length).toBeGreaterThan(slices.length / 2);
  });
});
