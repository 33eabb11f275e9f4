/** A file of the folder and where it begins on the programme's timeline. */
export interface TimelineClip {
  name: string;
  kind: 'audio' | 'video';
  fileName: string;
  /** ms from the programme's start at which the file's own time 0 is. */
  startMs: number;
  /** Of the file, from its own time 0. */
  durationMs: number;
}

/** Ticks a second of all times: milliseconds. */
const RATE = 1000;

/**
 * A timeline in OpenTimelineIO's JSON (https://opentimelineio.readthedocs.io, schemas `Timeline.1`,
 * `Track.1`, `Clip.2`), one track for each file: DaVinci Resolve, Kdenlive and others open it.
 * There is no library for it but the one in C++ and Python.
 */
export function otioTimeline(name: string, clips: readonly TimelineClip[]): object {
  return {
    OTIO_SCHEMA: 'Timeline.1',
    name,
    global_start_time: null,
    tracks: {
      OTIO_SCHEMA: 'Stack.1',
      name: 'tracks',
      children: clips.map((clip) => ({
        OTIO_SCHEMA: 'Track.1',
        name: clip.name,
        kind: clip.kind === 'audio' ? 'Audio' : 'Video',
        children: [...(clip.startMs > 0 ? [gapOf(clip.startMs)] : []), clipOf(clip)],
      })),
    },
  };
}

function gapOf(durationMs: number): object {
  return { OTIO_SCHEMA: 'Gap.1', name: '', source_range: range(durationMs) };
}

function clipOf({ name, fileName, durationMs }: TimelineClip): object {
  return {
    OTIO_SCHEMA: 'Clip.2',
    name,
    source_range: range(durationMs),
    active_media_reference_key: 'DEFAULT_MEDIA',
    media_references: {
      DEFAULT_MEDIA: {
        OTIO_SCHEMA: 'ExternalReference.1',
        target_url: encodeURI(fileName),
        available_range: range(durationMs),
      },
    },
  };
}

function range(durationMs: number): object {
  return { OTIO_SCHEMA: 'TimeRange.1', start_time: time(0), duration: time(durationMs) };
}

function time(ms: number): object {
  return { OTIO_SCHEMA: 'RationalTime.1', rate: RATE, value: Math.round(ms) };
}
