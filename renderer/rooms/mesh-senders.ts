/// <reference path="../ambient/simple-peer.d.ts" />
import type SimplePeer from 'simple-peer/simplepeer.min.js';
import { FIRST_FRAME_LIMIT, type VideoLimit } from './video-limit.ts';

export interface LocalTracks {
  audio?: MediaStreamTrack | undefined;
  video?: MediaStreamTrack | undefined;
}

const KINDS = ['audio', 'video'] as const;

/** What goes with any codec: retransmission and error correction. */
const REPAIR = ['video/rtx', 'video/red', 'video/ulpfec'];

/** What one connection sends: at most one track of each kind. */
export class MeshSenders {
  readonly #peer: SimplePeer;
  readonly #protect: ((sender: RTCRtpSender) => void) | undefined;
  readonly #open: ((receiver: RTCRtpReceiver) => void) | undefined;
  readonly #videoMimeType: string | undefined;
  /** Groups the tracks for the other side, whatever stream they come from here. */
  readonly #outgoing = new MediaStream();
  /** What simple-peer knows each sender by: the track it sends, or last sent. */
  readonly #known: { audio?: MediaStreamTrack; video?: MediaStreamTrack } = {};
  readonly #sending: LocalTracks = {};
  #videoLimit = FIRST_FRAME_LIMIT;

  constructor(
    peer: SimplePeer,
    options: {
      /** Called with each sender before its first frame. */
      protect?: (sender: RTCRtpSender) => void;
      /** Called with each receiver that a sender brings with it; may be told of one again. */
      open?: (receiver: RTCRtpReceiver) => void;
      /** The only codec for pictures. */
      videoMimeType?: string;
    },
  ) {
    this.#peer = peer;
    this.#protect = options.protect;
    this.#open = options.open;
    this.#videoMimeType = options.videoMimeType;
  }

  setTracks(tracks: LocalTracks): void {
    for (const kind of KINDS) {
      const track = tracks[kind];
      if (this.#peer.destroyed || track === this.#sending[kind]) continue;
      const known = this.#known[kind];
      if (known) this.#peer.replaceTrack(known, track ?? null, this.#outgoing);
      else if (track) this.#add(track);
      this.#sending[kind] = track;
      if (track) this.#known[kind] = track;
    }
    this.#limitVideo();
    this.#preferVoice();
  }

  setVideoLimit(limit: VideoLimit): void {
    this.#videoLimit = limit;
    this.#limitVideo();
  }

  /** The initiator offers both kinds at once, so that nobody has to ask for a second round. */
  receiveWhatIsNotSent(): void {
    for (const kind of KINDS) {
      if (!this.#known[kind]) this.#peer.addTransceiver(kind, { direction: 'recvonly' });
    }
    this.#cipherTransceivers();
  }

  #add(track: MediaStreamTrack): void {
    this.#peer.addTrack(track, this.#outgoing);
    this.#cipherTransceivers();
    const sender = this.#senderOf(track);
    if (!sender || !this.#protect) return;
    try {
      this.#protect(sender);
    } catch (error) {
      // Not a frame may leave that its cipher did not take: without the connection none does.
      this.#peer.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /**
   * Before a description is made. What it does not offer, nobody sends; and Chromium (156) feeds a
   * receiver's transform only where that was set before the receiver was negotiated: in the
   * `track` event it is too late for a transceiver of our own making.
   */
  #cipherTransceivers(): void {
    for (const transceiver of this.#peer._pc?.getTransceivers() ?? []) {
      this.#open?.(transceiver.receiver);
      if (transceiver.receiver.track.kind === 'video') this.#restrict(transceiver);
    }
  }

  #restrict(transceiver: RTCRtpTransceiver): void {
    const mimeType = this.#videoMimeType;
    if (mimeType === undefined) return;
    const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
    const allowed = codecs.filter((codec) => [mimeType, ...REPAIR].includes(codec.mimeType));
    transceiver.setCodecPreferences(allowed);
  }

  #limitVideo(): void {
    const { video } = this.#sending;
    if (!video) return;
    const { maxHeight, maxBitrate, maxFramerate } = this.#videoLimit;
    const height = video.getSettings().height ?? maxHeight;
    const scaleResolutionDownBy = Math.max(1, height / maxHeight);
    this.#encode(video, { scaleResolutionDownBy, maxBitrate, maxFramerate, priority: 'low' });
  }

  /** Where the path does not carry both, the voice is what people came for. */
  #preferVoice(): void {
    const { audio } = this.#sending;
    if (audio) this.#encode(audio, { priority: 'high', networkPriority: 'high' });
  }

  #encode(track: MediaStreamTrack, wanted: Partial<RTCRtpEncodingParameters>): void {
    const sender = this.#senderOf(track);
    const parameters = sender?.getParameters();
    const [encoding] = parameters?.encodings ?? [];
    if (!sender || !parameters || !encoding) return;
    Object.assign(encoding, wanted);
    sender
      .setParameters(parameters)
      .catch((error) => console.info(`${track.kind} is sent without its measure.`, error));
  }

  #senderOf(track: MediaStreamTrack): RTCRtpSender | undefined {
    return this.#peer._pc?.getSenders().find((sender) => sender.track === track);
  }
}
