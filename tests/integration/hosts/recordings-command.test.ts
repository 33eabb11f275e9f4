import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../main/clock.ts';
import { lockDataFolder } from '../../../main/hosts/data-folder-lock.ts';
import { parseRecordingsCommand } from '../../../main/hosts/recordings/command-line.ts';
import { type CommandResult, runCommand } from '../../../main/hosts/recordings/run-command.ts';
import { Members } from '../../../main/identity/members.ts';
import { openStudioRecordings, type StudioRecordings } from '../../support/studio-recordings.ts';
import { probe, recorderStream, slicesOf } from '../recording/media.ts';
import { room, WEBM } from '../recording/recorded-room.ts';
import { record, temporaryFolder } from '../recording/studio-fixture.ts';
import { entriesOf, opusFrames, trackOf, trackSlices } from '../recording/track-media.ts';

const PROGRAM = join(import.meta.dirname, '../../../main/hosts/recordings/index.ts');

let slices: Buffer[];
beforeAll(async () => {
  slices = slicesOf(await recorderStream(4));
});

let dataDir = '';
let studio: StudioRecordings;

beforeEach(async () => {
  dataDir = await temporaryFolder();
  await openStudio();
});

async function openStudio(ffmpegPath?: string): Promise<void> {
  const opened = await openStudioRecordings(dataDir, ffmpegPath);
  onTestFinished(() => opened.close());
  studio = opened;
}

async function recorded(title = 'Chor am Abend'): Promise<string> {
  const id = await record(studio.recordings, slices, room({ title }));
  await studio.recordings.stop(id);
  return id;
}

/** A recording with Ada's sound apart. */
async function recordedApart(): Promise<string> {
  const { recordings } = studio;
  const { recordingId } = await recordings.start(room({ title: 'Chor' }), WEBM);
  const tracks = recordings.tracksOf(recordingId);
  const track = trackOf();
  await tracks.begin(track);
  const entries = entriesOf(await opusFrames(1), { kind: 'audio', playedFromMs: 1_000_000 });
  for (const [seq, bytes] of trackSlices(entries).entries()) {
    await tracks.append(track.trackId, seq, bytes);
  }
  for (const [seq, slice] of slices.entries()) await recordings.append(recordingId, seq, slice);
  await recordings.stop(recordingId);
  return recordingId;
}

/** As the desktop app keeps them: in the system's key ring. */
async function lockKeys(): Promise<void> {
  const { db, identity } = studio;
  new Members({ db, clock: systemClock }).claim(identity.profile());
  await studio.close();
  for (const name of ['identity-key', 'recordings-key']) {
    const file = join(dataDir, 'secrets', name);
    await rename(`${file}.key`, `${file}.sealed`);
  }
}

/** The command in this process: a Node of its own for each would take most of the test's time. */
function run(...args: string[]): Promise<CommandResult> {
  const command = parseRecordingsCommand([...args, '--data', dataDir]);
  if (command.command === 'help') throw new Error('Help does nothing.');
  return runCommand(command, { progress: () => undefined, signal: new AbortController().signal });
}

/** The program as `npm run recordings` starts it. */
function runProgram(...args: string[]): Promise<{ exitCode: number; stdout: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args, '--data', dataDir], (error, stdout) =>
      resolve({ exitCode: Number(error?.code ?? 0), stdout }),
    );
  });
}

describe('beside a running studio', () => {
  it('recordings are listed, verified and exported', async () => {
    const id = await recorded();
    await recorded('Etwas anderes');
    const lock = await lockDataFolder(dataDir);
    onTestFinished(() => lock.release());
    expect((await run('list', '--search', 'CHOR')).json).toMatchObject({
      recordings: [{ recordingId: id, state: 'ready', title: 'Chor am Abend' }],
    });
    expect((await run('list')).lines.join('\n')).toContain('Etwas anderes');

    expect(await run('verify', id)).toMatchObject({
      exitCode: 0,
      json: { verified: [{ recordingId: id, hash: { state: 'intact' } }] },
    });
    const to = join(dataDir, 'out');
    expect(await run('export', id, '--to', to)).toMatchObject({ exitCode: 0 });
    const [name = ''] = await readdir(to);
    expect(name).toMatch(/^Chor am Abend \d{4}-\d\d-\d\d\.mp4$/);
    expect(await probe(join(to, name))).toMatchObject({ codecs: ['aac', 'h264'], clean: true });
  });

  it('separate tracks are exported for editing', async () => {
    const id = await recordedApart();
    const plain = await recorded();
    const to = join(dataDir, 'out');
    const { exitCode, lines } = await run('export', id, '--to', to, '--tracks', 'editor');
    expect(exitCode).toBe(0);
    const [name = ''] = await readdir(to);
    expect(name).toMatch(/^Chor \d{4}-\d\d-\d\d tracks$/);
    expect(lines).toEqual([`exported  ${join(to, name)}`]);
    expect(await readdir(join(to, name))).toContain('01 Ada - audio.wav');
    expect(await run('export', plain, '--to', to, '--tracks', 'received')).toMatchObject({
      exitCode: 1,
      json: { exported: [{ state: 'failed', error: { code: 'recording-not-found' } }] },
    });
  });

  it('what would change them is refused', async () => {
    await recorded();
    const lock = await lockDataFolder(dataDir);
    onTestFinished(() => lock.release());
    lock.announce('http://127.0.0.1:4600');
    await expect(run('prune')).rejects.toMatchObject({ code: 'data-folder-in-use' });
    const { exitCode, stdout } = await runProgram('recover', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'data-folder-in-use',
      message: expect.stringContaining('http://127.0.0.1:4600'),
    });
  });
});

describe('without a studio', () => {
  it('damage is named file by file, and the exit code says so', async () => {
    const id = await recorded();
    await studio.close();
    const path = join(dataDir, 'recordings', id, 'segment-000001.m4s');
    const bytes = await readFile(path);
    bytes[50] = (bytes[50] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const { exitCode, stdout } = await runProgram('verify');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`damaged  ${id}`);
    expect(stdout).toContain('segment-000001.m4s: its SHA-256');
  });

  it('what a crash left is recovered', async () => {
    await studio.close();
    await openStudio('/nowhere/ffmpeg');
    const id = await recorded();
    expect(studio.recordings.statusOfRoom(room().roomId)?.state).toBe('failed');
    await studio.close();
    const { exitCode, json } = await run('recover');
    expect(json).toMatchObject({ recovered: [{ recordingId: id, state: 'ready' }] });
    expect(exitCode).toBe(0);
    expect((await run('recover')).lines).toEqual(['There was nothing to recover.']);
    expect((await run('list')).json).toMatchObject({
      recordings: [{ recordingId: id, recovered: true, hash: { state: 'intact' } }],
    });
  });

  it('what is past its date goes, after a look at what would', async () => {
    const id = await recorded();
    await recorded('Bleibt');
    studio.db.prepare('UPDATE recordings SET retain_until = 1 WHERE recording_id = ?').run(id);
    await studio.close();
    const folder = join(dataDir, 'recordings', id);
    expect((await run('prune', '--dry-run')).lines).toEqual([`would delete  ${id}  Chor am Abend`]);
    expect(existsSync(folder)).toBe(true);
    expect(await run('prune')).toMatchObject({
      exitCode: 0,
      json: { pruned: [{ recordingId: id, title: 'Chor am Abend' }] },
    });
    expect(existsSync(folder)).toBe(false);
    expect((await run('list')).lines).toHaveLength(1);
    expect((await run('list', '--deleted')).lines).toHaveLength(2);
    expect(await run('export', id)).toMatchObject({
      exitCode: 1,
      json: { exported: [{ state: 'failed', error: { code: 'recording-expired' } }] },
    });
  });

  it('keys in the key ring are not asked for where none is needed', async () => {
    const id = await recorded();
    await lockKeys();
    expect((await run('list')).lines).toHaveLength(1);
    expect(await run('verify')).toMatchObject({ exitCode: 0 });
    expect(await run('export', id)).toMatchObject({
      exitCode: 1,
      json: { exported: [{ error: { code: 'secrets-locked' } }] },
    });
  });

  it('separate tracks are left out where the keys are in the key ring, and said to be', async () => {
    const id = await recordedApart();
    expect((await run('verify')).lines).toEqual([`intact   ${id}  Chor`]);
    await lockKeys();
    const { exitCode, lines } = await run('verify');
    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      `intact   ${id}  Chor`,
      expect.stringMatching(/^ +tracks: left out\. .*key ring/),
    ]);
    expect(await run('export', id, '--tracks', 'editor')).toMatchObject({
      exitCode: 1,
      json: { exported: [{ error: { code: 'secrets-locked' } }] },
    });
  });

  it('a recording or a folder that is not there is said to be so', async () => {
    await expect(run('verify', 'rec_unknown0000000')).rejects.toMatchObject({
      code: 'recording-not-found',
    });
    dataDir = join(dataDir, 'nowhere');
    await expect(run('list')).rejects.toMatchObject({ code: 'bad-arguments' });
  });
});
