import { EventEmitter } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { vi } from 'vitest';
import WebSocket from 'ws';
import { startBridgeServer } from '../../../main/hosts/browser/bridge-server.ts';
import { WindowReturn } from '../../../main/hosts/browser/window-return.ts';
import { SecretFiles } from '../../../main/hosts/secret-files.ts';
import type { LibraryApi } from '../../../main/library-api.ts';
import type { AppendSlice, StudioApi } from '../../../preload/contract.ts';
import { BRIDGE_PATH } from '../../../preload/wire.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Bridge } from '../../../renderer/bridge/bridge.ts';
import { openBridge } from '../../../renderer/bridge/open-bridge.ts';
import { openSocketChannel, type WindowPass } from '../../../renderer/bridge/socket-channel.ts';

export const ROOM_ID = 'room_abcdefghij12';
export const RECORDING_ID = 'rec_abcdefghij12';

/** A small studio behind a real bridge server: remembers what reached it. */
export async function startBridgeStudio() {
  const dir = await mkdtemp(join(tmpdir(), 'swarm-bridge-'));
  await mkdir(join(dir, 'assets'));
  await writeFile(join(dir, 'index.html'), '<!doctype html><html><head></head></html>');
  await writeFile(join(dir, 'assets', 'app-1a2b.js'), 'export {};');
  const log: string[] = [];
  const logger: Logger = pino({ level: 'debug' }, { write: (line: string) => log.push(line) });
  const events = new EventEmitter();
  const slices: AppendSlice[] = [];
  const files = new SecretFiles(join(dir, 'secrets'), () => undefined);
  const returns = await WindowReturn.open(files, Date.now);
  const server = await startBridgeServer({ uiDir: dir, preferredPort: 0, returns, logger });
  server.attach(servedStudio(events, slices));
  return {
    server,
    events,
    slices,
    log,
    uiDir: dir,
    logger,
    returns,
    secret: new URL(server.studioUrl).hash.replace('#secret=', ''),
    socketUrl: `${server.origin.replace('http', 'ws')}${BRIDGE_PATH}`,
    async close() {
      await server.close();
      await rm(dir, { recursive: true });
    },
  };
}

/** What is behind the server. @param slices where what reaches it is remembered. */
export function servedStudio(events: EventEmitter, slices: AppendSlice[] = []) {
  return {
    api: studioApi(slices),
    events,
    nodeUrls: () => ['http://127.0.0.1:41234', 'http://127.0.0.1:41300'],
    windowGone: async () => undefined,
  };
}

export type BridgeStudio = Awaited<ReturnType<typeof startBridgeStudio>>;

/** A window's side of the bridge, over a real socket that says it comes from `origin`. */
export async function openWindow(
  studio: BridgeStudio,
  { secret = studio.secret, origin = studio.server.origin } = {},
) {
  const sockets: WebSocket[] = [];
  let sentBytes = 0;
  /** What a browser adds by itself and `ws` does not: the page's origin. */
  class PageSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { origin });
      sockets.push(this);
      // As in a browser, where the close event says all there is to say.
      this.on('error', () => undefined);
    }
    override send(data: Uint8Array) {
      sentBytes += data.byteLength;
      super.send(data);
    }
  }
  vi.stubGlobal('WebSocket', PageSocket);
  const pass: WindowPass = { windowId: 'window-1', origin: studio.server.origin, secret };
  const bridge: Bridge = await openBridge(() => openSocketChannel(studio.socketUrl, pass));
  return { bridge, sockets, pass, sentBytes: () => sentBytes };
}

function studioApi(slices: AppendSlice[]): StudioApi {
  const profile = {
    userId: `u_${'a'.repeat(22)}`,
    publicKey: 'A'.repeat(43),
    handle: 'sam',
    displayName: 'Sam',
  };
  const recording = {
    state: 'ready' as const,
    recordingId: RECORDING_ID,
    manifestUrl: '/replays/x/manifest.json',
    playlistUrl: '/replays/x/index.m3u8',
    durationMs: 1000,
    sizeBytes: 10,
    retainUntil: '2026-01-31T12:00:00.000Z',
    pinned: false,
    recovered: false,
  };
  const reach = {
    reach: 'this-computer' as const,
    addresses: [],
    linkOrigin: 'http://127.0.0.1:41234',
    linkReachesOthers: false,
  };
  const summaries = {
    recogniser: { kind: 'none' as const },
    summariser: { kind: 'extract' as const },
    hasKeys: { recogniser: false, summariser: false },
  };
  const copies = { wanted: 3, nodes: [], recordings: [] };
  const place = {
    kind: 'own' as const,
    name: 'Sam’s studio',
    origin: 'http://127.0.0.1:41234',
    baseUrl: 'http://127.0.0.1:41234',
  };
  return {
    'studio.info': async () => ({
      version: '1.2.3',
      host: 'browser',
      dataDir: '/data',
      rendezvousUrl: 'http://127.0.0.1:41234',
      place,
      nodeUrls: ['http://127.0.0.1:41234'],
      environment: 'general',
      features: [],
      firstStart: false,
      secretStore: 'file',
      ffmpegPath: undefined,
    }),
    'identity.profile': async () => profile,
    'identity.update': async ({ handle, displayName }) => {
      if (handle === 'taken') {
        throw new ProtocolError('handle-taken', 'Choose another handle.', [
          { path: 'handle', message: 'is taken' },
        ]);
      }
      return { ...profile, handle, displayName };
    },
    'identity.signNonce': async () => ({ publicKey: profile.publicKey, signature: 'B'.repeat(86) }),
    'identity.signFingerprint': async () => ({ signature: 'B'.repeat(86) }),
    'summaries.settings': async () => summaries,
    'summaries.configure': async () => summaries,
    'summaries.try': async () => undefined,
    'summaries.make': async ({ recordingId }) => ({
      ...{ jobId: 'job_1', kind: 'summarise', recordingId, title: '', state: 'waiting' },
      progress: 0,
    }),
    'identity.openSegmentKey': async () => ({ key: 'A'.repeat(22) }),
    'identity.signChat': async () => ({ signature: 'B'.repeat(86) }),
    'recording.keepChat': async () => undefined,
    'recording.forgetChat': async () => undefined,
    'identity.signModeration': async () => ({ signature: 'B'.repeat(86) }),
    'recording.start': async () => ({ recordingId: RECORDING_ID }),
    'recording.append': async (slice) => {
      slices.push(slice);
      return { seq: slice.seq };
    },
    'recording.beginTrack': async () => undefined,
    'recording.appendTrack': async ({ seq }) => ({ seq }),
    'recording.endTrack': async () => undefined,
    'recording.stop': async () => recording,
    'recording.fail': async () => {
      throw new Error('disk at /home/sam/secret-place is broken');
    },
    'recording.pause': async () => undefined,
    'recording.restarting': async () => undefined,
    'recording.mark': async () => ({ markerId: 1, number: 1 }),
    'recording.labelMarker': async () => undefined,
    'recording.forecast': async () => ({ freeBytes: 1e12, timeLeftMs: 3_600_000 }),
    ...libraryApi(),
    'reach.status': async () => reach,
    'reach.set': async () => reach,
    'reach.check': async () => reach,
    'home.look': async ({ address }) => ({
      origin: address,
      name: 'Choir',
      version: '1.2.3',
      invited: false,
    }),
    'home.use': async () => place,
    'home.leave': async () => place,
    'home.visit': async () => place,
    'copies.overview': async () => copies,
    'copies.addNode': async () => copies,
    'copies.removeNode': async () => copies,
    'copies.setWanted': async ({ wanted }) => ({ ...copies, wanted }),
    'studio.setActivity': async () => undefined,
    'studio.showDataFolder': async () => undefined,
    'studio.notify': async () => undefined,
  };
}

/** The library of somebody who has not recorded anything. */
function libraryApi(): LibraryApi {
  const overview = {
    ...{ count: 0, usedBytes: 0, freeBytes: 1e9, retentionDays: 30, goesNext: [] },
    ...{ stillOverBytes: 0, exportFolder: '/data/exports' },
  };
  const absent = () => {
    throw new ProtocolError('recording-not-found', 'There is no such recording.');
  };
  return {
    'library.list': async () => ({ total: 0, entries: [] }),
    'library.overview': async () => overview,
    'library.preview': async () => ({ goes: [], freesBytes: 0 }),
    'library.limit': async () => overview,
    'library.jobs': async () => [],
    'library.verify': async () => absent(),
    'library.export': async () => absent(),
    'library.exportTracks': async () => absent(),
    'library.cancel': async () => undefined,
    'library.update': async () => absent(),
    'library.delete': async () => absent(),
    'library.showFolder': async () => absent(),
    'library.showExport': async () => absent(),
  };
}
