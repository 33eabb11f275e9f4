import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrackPictures } from '../../../protocol/recording-library.ts';
import type { ExportedTrack } from './export-track.ts';
import { otioTimeline, type TimelineClip } from './timeline.ts';

/** Writes `tracks.json` and `timeline.otio` beside the files of a folder for editing. */
export async function describeFolder(
  folder: string,
  { recordingId, title }: { recordingId: string; title: string },
  exported: readonly ExportedTrack[],
  video: TrackPictures,
): Promise<void> {
  const clips = exported.map((track) => clipOf(track, video));
  const tracks = exported.map((track, index) => ({
    file: track.fileName,
    participant: track.survey.description.name,
    kind: track.survey.description.kind,
    codec: track.survey.description.codec,
    startMs: clips[index]?.startMs ?? 0,
    firstFrameMs: Math.round(track.extent.firstMs),
    lastFrameMs: Math.round(track.extent.lastMs),
    gaps: track.extent.gaps,
    frames: track.extent.frames,
    damagedSlices: track.survey.damagedSlices,
    clock: {
      from: track.survey.clockFrom,
      driftPpm: round(track.survey.clock.driftPpm),
      errorMs: round(track.survey.clock.errorMs),
    },
  }));
  await writeFile(join(folder, 'tracks.json'), json({ version: 1, recordingId, title, tracks }));
  await writeFile(join(folder, 'timeline.otio'), json(otioTimeline(title, clips)));
}

/** Only pictures as received begin late: all other files begin with the programme. */
function clipOf({ fileName, survey, extent }: ExportedTrack, video: TrackPictures): TimelineClip {
  const { name, kind } = survey.description;
  const received = kind === 'video' && video === 'received';
  const startMs = received ? extent.firstMs : 0;
  return { name, kind, fileName, startMs, durationMs: extent.lastMs - startMs };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
