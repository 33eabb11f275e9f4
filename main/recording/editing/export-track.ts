import { join } from 'node:path';
import type { TrackPictures } from '../../../protocol/recording-library.ts';
import { fileNamePart } from '../export/file-name.ts';
import { writeMatroska } from '../tracks/matroska.ts';
import { type BegunTrack, readTrack } from '../tracks/read-track.ts';
import { surveyTrack, type TrackSurvey } from '../tracks/survey-track.ts';
import { type TimedFrame, timedFrames } from '../tracks/timed-frames.ts';
import { extentOf, type FrameExtent } from './frame-extent.ts';
import { render } from './render.ts';
import { audioOptions, type Gap, playbackRate, videoOptions } from './render-options.ts';

/** A track's file in the folder, and what an editor or a person wants to know of it. */
export interface ExportedTrack {
  fileName: string;
  survey: TrackSurvey;
  extent: FrameExtent;
}

export interface TrackExport {
  track: BegunTrack;
  /** Where in the programme each take begins. */
  takeStartsMs: readonly number[];
  folder: string;
  /** Numbers the files, so that they lie in order. */
  number: number;
  video: TrackPictures;
  ffmpegPath: string;
  signal: AbortSignal | undefined;
  /** Bytes of the journal that were read since the last call; it is read three times. */
  onBytes(bytes: number): void;
}

/** How often {@link exportTrack} reads a journal. */
export const READS_OF_A_TRACK = 3;

/** Makes a track's file. `undefined` where the track has no frames in the programme. */
export async function exportTrack(wanted: TrackExport): Promise<ExportedTrack | undefined> {
  const { track, takeStartsMs, folder, video, ffmpegPath, signal, onBytes } = wanted;
  const survey = await surveyTrack(track, takeStartsMs, { signal, onBytes });
  if (!survey) return undefined;
  const frames = () => timedFrames(readTrack(track.file, { signal, onBytes }), survey);
  const extent = await extentOf(frames());
  if (!extent) return undefined;
  const { kind } = survey.description;
  const fileName = nameOf(wanted, survey);
  const path = join(folder, fileName);
  const run = { ffmpegPath, track: survey, path, signal };
  if (kind === 'audio') {
    const rate = playbackRate(survey.clock.driftPpm);
    const inSenderTime = atRate(frames(), rate);
    await render({ ...run, frames: inSenderTime, options: audioOptions(rate) });
  } else if (video === 'editor') {
    await render({ ...run, frames: frames(), options: videoOptions(survey, blackOf(extent)) });
  } else await writeMatroska(survey, frames(), { path });
  return { fileName, survey, extent };
}

async function* atRate(frames: AsyncIterable<TimedFrame>, rate: number) {
  for await (const frame of frames) {
    yield { ...frame, programmeMs: frame.programmeMs * rate };
  }
}

/** Without pictures: from the programme's start to the first one, and in the gaps. */
function blackOf({ firstMs, gaps }: FrameExtent): Gap[] {
  return [...(firstMs > 0 ? [{ fromMs: 0, toMs: firstMs }] : []), ...gaps];
}

function nameOf({ number, video }: TrackExport, { description }: TrackSurvey): string {
  const { kind, name } = description;
  const extension = kind === 'audio' ? 'wav' : video === 'editor' ? 'mp4' : 'mkv';
  return `${String(number).padStart(2, '0')} ${fileNamePart(name, 'Unnamed')} - ${kind}.${extension}`;
}
