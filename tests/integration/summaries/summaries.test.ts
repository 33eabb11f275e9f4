import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { LibraryService } from '../../../main/recording/library/library-service.ts';
import { Settings } from '../../../main/settings/settings.ts';
import { captionsOf } from '../../../main/summaries/captions.ts';
import {
  SummaryService,
  type SummaryServiceOptions,
} from '../../../main/summaries/summary-service.ts';
import { SummaryStore } from '../../../main/summaries/summary-store.ts';
import type { RecogniserSettings, SummariserSettings } from '../../../protocol/summaries.ts';
import { slicesOf } from '../recording/media.ts';
import { room, WEBM } from '../recording/recorded-room.ts';
import { openRecordings } from '../recording/studio-fixture.ts';
import { MemorySecrets } from '../rendezvous/node.ts';

const run = promisify(execFile);
const isThere = (program: string) => spawnSync(program, ['--version']).error === undefined;
const hasSpeech = isThere('espeak-ng') && isThere('pocketsphinx_continuous');
/** A word that the recogniser knows well, with another between. */
const SPOKEN = 'Tomorrow. Yesterday. Tomorrow. Yesterday.';

let talk: Buffer[];
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'swarm-speech-'));
  const wav = join(folder, 'talk.wav');
  if (hasSpeech) await run('espeak-ng', ['-v', 'en-us+f3', '-s', '120', '-w', wav, SPOKEN]);
  const sound = hasSpeech ? ['-i', wav] : ['-f', 'lavfi', '-t', '6', '-i', 'sine=frequency=300'];
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-t', '6', '-i', 'testsrc2=s=160x120:r=30', ...sound],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '60'],
      ...['-sc_threshold', '0', '-c:a', 'libopus', '-b:a', '64k', '-ar', '48000', '-live', '1'],
      ...['-f', 'matroska', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 1024 ** 3 },
  );
  talk = slicesOf(stdout);
  await rm(folder, { recursive: true });
});

interface Studio {
  options: SummaryServiceOptions;
  summaries: SummaryService;
  library: LibraryService;
  recordingId: string;
  told: (string | undefined)[];
  temporaryDir: string;
  secrets: MemorySecrets;
  make(): Promise<{ state: string; error?: { code: string; message: string } | undefined }>;
  use(recogniser: RecogniserSettings, summariser?: SummariserSettings): Promise<unknown>;
}

/** A studio with a finished, encrypted recording of a talk. */
async function studio({ marked = false } = {}): Promise<Studio> {
  const fixture = await openRecordings();
  const { recordings, db, options, clock, dataDir } = fixture;
  const { recordingId } = await recordings.start(room(), WEBM);
  for (const [seq, slice] of talk.entries()) await recordings.append(recordingId, seq, slice);
  if (marked) {
    const { markerId } = recordings.live.mark({ recordingId, take: 0, takeMs: 2000 });
    recordings.live.labelMarker(recordingId, markerId, 'The window');
  }
  await recordings.stop(recordingId);
  const library = new LibraryService({
    ...{ library: recordings.library, clock: () => clock.nowMs, ffmpegPath: 'ffmpeg' },
    exportFolder: () => dataDir,
  });
  onTestFinished(() => library.close());
  const told: (string | undefined)[] = [];
  const stored = new Map<string, unknown>();
  const secrets = new MemorySecrets();
  const temporaryDir = join(dataDir, 'temporary');
  const used: SummaryServiceOptions = {
    ...{ recordings, library, secrets, temporaryDir, ffmpegPath: 'ffmpeg' },
    store: new SummaryStore({ db, masterKey: Buffer.from(options.masterKey) }),
    feed: { setSummary: (_id, summaryId) => void told.push(summaryId) },
    settings: new Settings(
      { get: (key) => stored.get(key), set: (key, value) => void stored.set(key, value) },
      () => undefined,
    ),
    clock: () => clock.nowMs,
  };
  const summaries = await SummaryService.open(used);
  return {
    options: used,
    ...{ summaries, library, recordingId, told, temporaryDir, secrets },
    async make() {
      const job = await library.over(summaries.make(recordingId).jobId);
      if (!job) throw new Error('there is no such job');
      return { state: job.state, error: job.error };
    },
    use: (recogniser, summariser = { kind: 'extract' }) =>
      summaries.configure({ recogniser, summariser, keys: {} }),
  };
}

/** A service that answers as told, and what it was asked. */
async function service(answer: (request: IncomingMessage, body: Buffer) => unknown) {
  const asked: { headers: IncomingMessage['headers']; body: Buffer }[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request);
    asked.push({ headers: request.headers, body });
    const said = answer(request, body);
    if (typeof said === 'number') response.writeHead(said).end('{"error":"no"}');
    else response.end(typeof said === 'string' ? said : JSON.stringify(said));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked };
}

const WINDOWS = {
  language: 'english',
  segments: [
    { start: 0, end: 1.5, text: ' Good morning to everybody who is listening here.' },
    { start: 1.5, end: 3, text: ' The window is opened by nobody but us tonight.' },
    { start: 3, end: 5, text: ' Then the window will be closed again by somebody.' },
  ],
};

describe.skipIf(!hasSpeech)('a recogniser on this computer', () => {
  it('finds words at their times, of which captions and a summary are made', async () => {
    const { summaries, make, use, recordingId, told, temporaryDir } = await studio();
    const command = 'pocketsphinx_continuous -infile {input} -time yes -logfn /dev/null';
    await use({ kind: 'command', command });
    await summaries.try();
    expect(await make()).toEqual({ state: 'done', error: undefined });
    const transcript = summaries.requireTranscript(recordingId);
    const said = transcript.cues.map(({ text }) => text).join(' ');
    expect(said).toMatch(/tomorrow .+ tomorrow/);
    const [first, second] = transcript.cues.filter(({ text }) => text.includes('tomorrow'));
    expect(first?.startMs).toBeLessThan(800);
    expect(second?.startMs).toBeGreaterThan(first?.endMs ?? 0);
    expect(captionsOf(transcript)).toMatch(/^WEBVTT\n\n00:00:0\d\.\d{3} --> /);
    const summary = summaries.require(recordingId);
    expect(summary).toMatchObject({ origin: 'extract', hasTranscript: true });
    expect(said.toLowerCase()).toContain(
      summary.bullets[0]?.text.toLowerCase().replace(/\.$/, '') ?? 'nothing',
    );
    expect(told).toEqual([summary.summaryId]);
    expect(await readdir(temporaryDir)).toEqual([]);
  });
});

describe('a recogniser’s command', () => {
  let made: Studio;
  beforeEach(async () => {
    made = await studio();
  });

  it.each([
    ['is not there', 'no-such-recogniser {input}', /no program “no-such-recogniser”/],
    ['fails', 'sh -c "echo out of memory >&2; exit 3" {input}', /ended with 3: out of memory/],
    ['says nothing that is known', 'echo hello {input}', /none of the forms/],
  ])('that %s is told, and leaves nothing behind', async (_what, command, sentence) => {
    await made.use({ kind: 'command', command });
    const { state, error } = await made.make();
    expect(state).toBe('failed');
    expect(error).toMatchObject({
      code: 'recogniser-failed',
      message: expect.stringMatching(sentence),
    });
    expect(await readdir(made.temporaryDir)).toEqual([]);
    expect(() => made.summaries.require(made.recordingId)).toThrow(/no summary/);
    expect(made.told).toEqual([]);
  });

  it('that hangs is ended when it is cancelled', async () => {
    await made.use({ kind: 'command', command: 'tail -f {input}' });
    const { jobId } = made.summaries.make(made.recordingId);
    await expect.poll(() => readdir(made.temporaryDir), { timeout: 20_000 }).toHaveLength(1);
    made.library.cancel(jobId);
    expect(await made.library.over(jobId)).toMatchObject({ state: 'cancelled' });
    await expect.poll(() => readdir(made.temporaryDir)).toEqual([]);
  });

  it('leaves no sound behind in a crash', async () => {
    const { temporaryDir } = made;
    await mkdir(join(temporaryDir, 'speech-abc'), { recursive: true });
    await writeFile(join(temporaryDir, 'speech-abc', 'speech.wav'), 'plain');
    await SummaryService.open(made.options);
    expect(await readdir(temporaryDir)).toEqual([]);
  });
});

describe('a transcription service', () => {
  it('is sent the sound and the key, and nobody else is', async () => {
    const { url, asked } = await service(() => WINDOWS);
    const { summaries, use, make, recordingId, secrets } = await studio();
    await use({ kind: 'openai', url, model: 'whisper-1' });
    const shown = await summaries.configure({
      recogniser: { kind: 'openai', url, model: 'whisper-1' },
      summariser: { kind: 'extract' },
      keys: { recogniser: 'sk-secret' },
    });
    expect(JSON.stringify(shown)).not.toContain('sk-secret');
    expect(shown.hasKeys.recogniser).toBe(true);
    expect(await make()).toMatchObject({ state: 'done' });
    const [request] = asked;
    expect(request?.headers.authorization).toBe('Bearer sk-secret');
    expect(request?.body.includes('RIFF')).toBe(true);
    expect(request?.body.includes('whisper-1')).toBe(true);
    expect(summaries.requireTranscript(recordingId)).toMatchObject({
      language: 'en',
      cues: [{ startMs: 0, endMs: 1500 }, { startMs: 1500 }, { startMs: 3000 }],
    });
    await summaries.configure({
      recogniser: { kind: 'none' },
      summariser: { kind: 'extract' },
      keys: { recogniser: '' },
    });
    expect((await secrets.get('recogniser-key'))?.length).toBe(0);
  });

  it.each([
    ['refuses', () => 401, /refused it \(401\)/],
    ['sends on', () => 302, /does not answer|refused/],
    ['talks rubbish', () => 'hello', /none of the forms/],
  ])('that %s is told', async (_what, answer, sentence) => {
    const { url } = await service(answer);
    const { use, make } = await studio();
    await use({ kind: 'whisper-server', url });
    expect((await make()).error?.message).toMatch(sentence);
  });

  it('that is not there is told', async () => {
    const { use, make } = await studio();
    await use({ kind: 'whisper-server', url: 'http://127.0.0.1:9/inference' });
    expect((await make()).error).toMatchObject({
      code: 'recogniser-unreachable',
      message: expect.stringContaining('127.0.0.1:9 does not answer'),
    });
  });
});

describe('a language model', () => {
  const chat = (content: string) => ({ choices: [{ message: { content } }] });

  it('makes bullets whose times are those of what was said', async () => {
    const speech = await service(() => WINDOWS);
    const model = await service((_request, body) => {
      expect(body.toString()).toContain('The window is opened');
      const bullets = [
        { at: 3.7, text: 'It is closed.' },
        { at: 1, text: '<b>It is opened.</b>' },
      ];
      return chat(`\`\`\`json\n${JSON.stringify({ bullets })}\n\`\`\``);
    });
    const { summaries, use, make, recordingId } = await studio();
    await use(
      { kind: 'whisper-server', url: speech.url },
      { kind: 'openai', url: model.url, model: 'llama' },
    );
    await make();
    expect(summaries.require(recordingId)).toMatchObject({
      origin: 'model',
      bullets: [
        { atMs: 1500, text: '<b>It is opened.</b>' },
        { atMs: 3000, text: 'It is closed.' },
      ],
    });
  });

  it.each([
    ['no JSON', chat('Certainly! Here are your bullets.')],
    ['no bullets', chat('{"bullets":[]}')],
    ['something else', { error: 'quota' }],
  ])('that answers with %s fails, and says so', async (_what, answer) => {
    const speech = await service(() => WINDOWS);
    const model = await service(() => answer);
    const { use, make } = await studio();
    await use(
      { kind: 'whisper-server', url: speech.url },
      { kind: 'openai', url: model.url, model: 'llama' },
    );
    expect((await make()).error?.code).toBe('recogniser-failed');
  });
});

describe('a summary', () => {
  it('is of the chapters where there is no recogniser, and says so', async () => {
    const { summaries, make, recordingId } = await studio({ marked: true });
    expect(await make()).toMatchObject({ state: 'done' });
    expect(summaries.require(recordingId)).toMatchObject({
      origin: 'chapters',
      hasTranscript: false,
      bullets: [{ text: 'The window' }],
    });
    expect(() => summaries.requireTranscript(recordingId)).toThrow(/no transcript/);
  });

  it('is not made of nothing', async () => {
    const { make } = await studio();
    expect((await make()).error?.message).toMatch(/no chapters, and there is no speech recogniser/);
  });

  it('is edited and deleted by its host, and goes with its recording', async () => {
    const { summaries, make, recordingId, told, library } = await studio({ marked: true });
    await make();
    const edited = summaries.edit(recordingId, [{ atMs: 0, text: 'In my words' }]);
    expect(edited).toMatchObject({ editedAt: expect.any(String), bullets: [{ atMs: 0 }] });
    summaries.remove(recordingId);
    expect(() => summaries.require(recordingId)).toThrow(/no summary/);
    await make();
    await library.delete(recordingId);
    expect(() => summaries.require(recordingId)).toThrow(/no summary/);
    expect(told).toEqual([expect.any(String), undefined, expect.any(String), undefined]);
  });
});
