/** Kinds of a peer's media that are not rendered, whatever the peer sends. */
export interface Silenced {
  audio: boolean;
  video: boolean;
}

/**
 * What comes from one peer. One stream for as long as the peer is in the room: an element that
 * plays it follows its tracks, while a new stream would have it start anew and show its first
 * frame later.
 */
export class LinkMedia {
  #stream: MediaStream | undefined;
  #silenced: Silenced;

  constructor(silenced: Silenced) {
    this.#silenced = silenced;
  }

  /** A rebuilt connection's tracks take the place of the former ones. */
  add(track: MediaStreamTrack): MediaStream {
    const stream = this.#stream ?? new MediaStream();
    this.#stream = stream;
    this.#silence(track);
    for (const known of stream.getTracks()) {
      if (known.kind === track.kind) stream.removeTrack(known);
    }
    stream.addTrack(track);
    return stream;
  }

  setSilenced(silenced: Silenced): void {
    this.#silenced = silenced;
    for (const track of this.#stream?.getTracks() ?? []) this.#silence(track);
  }

  /** A remote track that is not enabled renders black and silence (Media Capture, 4.3.1). */
  #silence(track: MediaStreamTrack): void {
    track.enabled = !this.#silenced[track.kind as keyof Silenced];
  }
}
