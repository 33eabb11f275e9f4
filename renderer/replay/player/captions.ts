/** The captions a player has, in whatever languages. */
export function captionTracks({ textTracks }: HTMLVideoElement): TextTrack[] {
  return [...textTracks].filter(({ kind }) => kind === 'captions' || kind === 'subtitles');
}

/** Hides the captions that are shown, or shows the first. */
export function toggleCaptions(player: HTMLVideoElement): void {
  const captions = captionTracks(player);
  const shown = captions.find(({ mode }) => mode === 'showing');
  const track = shown ?? captions[0];
  if (track) track.mode = shown ? 'disabled' : 'showing';
}
