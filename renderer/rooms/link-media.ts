/** Kinds of a peer's media that are not rendered, whatever the peer sends. */
export interface Silenced {
  audio: boolean;
  video: boolean;
}

const KINDS = ['audio', 'video'] as const;
type Kind = (typeof KINDS)[number];

/** Tracks that show in place of what the peer's connection brings. */
export type Overlay = Readonly<Partial<Record<Kind, MediaStreamTrack>>>;

/**
 * What comes from one peer. One stream for as long as the peer is in the room: an element that
 * plays it follows its tracks, while a new stream would have it start anew and show its first
 * frame later.
 */
export class LinkMedia {
  #stream: MediaStream | undefined;
  #silenced: Silenced;
  readonly #own: Partial<Record<Kind, MediaStreamTrack>> = {};
  #overlay: Overlay = {};

  constructor(silenced: Silenced) {
    this.#silenced = silenced;
  }

  /** A rebuilt connection's tracks take the place of the former ones. */
  add(track: MediaStreamTrack): MediaStream {
    this.#own[track.kind as Kind] = track;
    return this.#show();
  }

  /** Whether the connection itself brings such a track at present. */
  comes(kind: Kind): boolean {
    const track = this.#own[kind];
    return track !== undefined && track.readyState === 'live' && !track.muted;
  }

  /** These tracks show instead of the connection's own, until there is another overlay. */
  setOverlay(overlay: Overlay): MediaStream {
    this.#overlay = overlay;
    return this.#show();
  }

  setSilenced(silenced: Silenced): void {
    this.#silenced = silenced;
    for (const track of this.#stream?.getTracks() ?? []) this.#silence(track);
  }

  #show(): MediaStream {
    const stream = this.#stream ?? new MediaStream();
    this.#stream = stream;
    for (const kind of KINDS) {
      const wanted = this.#overlay[kind] ?? this.#own[kind];
      const known = stream.getTracks().filter((track) => track.kind === kind);
      for (const track of known) if (track !== wanted) stream.removeTrack(track);
      if (!wanted || known.includes(wanted)) continue;
      this.#silence(wanted);
      stream.addTrack(wanted);
    }
    return stream;
  }

  /** A remote track that is not enabled renders black and silence (Media Capture, 4.3.1). */
  #silence(track: MediaStreamTrack): void {
    track.enabled = !this.#silenced[track.kind as Kind];
  }
}
