import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyPluginAsync } from 'fastify';
import { streamRoutes } from '../../main/recording/stream-routes.ts';
import type { Access } from '../../main/rendezvous/access.ts';
import { liveRoutes } from '../../main/replay/live-routes.ts';
import { LiveViewers } from '../../main/replay/live-viewers.ts';
import { ReplayAccess } from '../../main/replay/replay-access.ts';
import { replayRoutes } from '../../main/replay/replay-routes.ts';
import { recorderStream, slicesOf } from '../integration/recording/media.ts';
import { room, WEBM } from '../integration/recording/recorded-room.ts';
import { openStudioRecordings } from '../support/studio-recordings.ts';

/** Replays that a request can name: one for everybody, one for those who were invited. */
export interface RecordedRooms {
  routes(access: Access): FastifyPluginAsync[];
  /** Ids and file names. */
  strings: readonly string[];
  close(): Promise<void>;
}

/** Records them for real, in a folder of their own. */
export async function recordRooms(): Promise<RecordedRooms> {
  const folder = await mkdtemp(join(tmpdir(), 'swarm-fuzz-'));
  const { recordings, close } = await openStudioRecordings(folder);
  const slices = slicesOf(await recorderStream(3));
  const strings = ['index.m3u8', 'manifest.json', 'init.mp4', 'segment-000000.m4s'];
  for (const [index, visibility] of (['public', 'invite-only'] as const).entries()) {
    const recorded = room({ roomId: `room_recorded0000000${index}`, visibility });
    const { recordingId } = await recordings.start(recorded, WEBM);
    for (const [seq, slice] of slices.entries()) await recordings.append(recordingId, seq, slice);
    await recordings.stop(recordingId);
    strings.push(recorded.roomId, recordingId);
  }
  await recordings.settled();
  return {
    routes(access) {
      const replayAccess = new ReplayAccess({ recordings, access, isBackstage: () => false });
      const viewers = new LiveViewers(Date.now);
      return [
        streamRoutes({ recordings, access, hostOf: () => undefined }),
        replayRoutes({ recordings, replayAccess }),
        liveRoutes({ recordings, replayAccess, viewers }),
      ];
    },
    strings,
    async close() {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
