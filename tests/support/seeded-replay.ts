import { mkdir } from 'node:fs/promises';
import { recorderStream, slicesOf } from '../integration/recording/media.ts';
import { room, WEBM } from '../integration/recording/recorded-room.ts';
import { openStudioRecordings } from './studio-recordings.ts';

/**
 * A data folder with a public recording of so many seconds, marked at 10 s; answers the path of its
 * page.
 *
 * @param size of its picture, e.g. `640x360`
 */
export async function seedReplay(
  dataFolder: string,
  seconds: number,
  size?: string,
): Promise<string> {
  await mkdir(dataFolder);
  const studio = await openStudioRecordings(dataFolder);
  const recorded = room({
    title: 'Matinée',
    visibility: 'public',
    hostUserId: studio.identity.userId,
  });
  const { recordings } = studio;
  const { recordingId } = await recordings.start(recorded, WEBM);
  for (const [seq, slice] of slicesOf(await recorderStream(seconds, size)).entries()) {
    await recordings.append(recordingId, seq, slice);
  }
  recordings.live.mark({ recordingId, take: 0, takeMs: 10_000 });
  await recordings.stop(recordingId);
  await recordings.settled();
  await studio.close();
  return `/replay/${recorded.roomId}?recording=${recordingId}`;
}
