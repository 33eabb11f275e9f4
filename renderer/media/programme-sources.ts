/** One participant as the recording shows and sounds them. */
export interface ProgrammeSource {
  peerId: string;
  name: string;
  /** Absent or muted: the tile shows initials. */
  video?: MediaStreamTrack;
  /** Absent or muted: silence. */
  audio?: MediaStreamTrack;
  videoMuted: boolean;
  audioMuted: boolean;
  /** Our own microphone and camera, not what comes from the network. */
  local: boolean;
}

/** A tile of the composed picture, in the order of the grid. */
export interface TileSpec {
  id: string;
  name: string;
  initials: string;
  showVideo: boolean;
}

/** A track that flows into the picture or the mix. */
export interface TrackSource {
  id: string;
  track: MediaStreamTrack;
  local: boolean;
}

/** What the compositor shows, in order. */
export function tilesOf(sources: readonly ProgrammeSource[]): TileSpec[] {
  return sources.map(({ peerId, name, video, videoMuted }) => ({
    id: peerId,
    name,
    initials: initialsOf(name),
    showVideo: video !== undefined && !videoMuted,
  }));
}

/** The tracks of one kind. A muted microphone is left out; a muted camera keeps its last place. */
export function tracksOf(
  sources: readonly ProgrammeSource[],
  kind: 'audio' | 'video',
): TrackSource[] {
  return sources.flatMap(({ peerId, local, audio, video, audioMuted }) => {
    const track = kind === 'audio' ? (audioMuted ? undefined : audio) : video;
    return track && track.readyState === 'live' ? [{ id: peerId, track, local }] : [];
  });
}

/** What to take out and what to put in so that `current` becomes `wanted`. */
export function diffTracks(
  current: ReadonlyMap<string, MediaStreamTrack>,
  wanted: readonly TrackSource[],
): { remove: string[]; add: TrackSource[] } {
  const byId = new Map(wanted.map((source) => [source.id, source]));
  return {
    remove: [...current].flatMap(([id, track]) => (byId.get(id)?.track === track ? [] : [id])),
    add: wanted.filter(({ id, track }) => current.get(id) !== track),
  };
}

/** The first letters of the first and last word, e.g. `AL` for "Ada Lovelace". */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = words.at(0) ?? '';
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return [first, last].map((word) => [...word].at(0)?.toUpperCase() ?? '').join('') || '?';
}
