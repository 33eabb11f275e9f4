import type { PeerMessage } from '../../../../protocol/peer-messages.ts';
import { FrameEncryption } from '../../../../renderer/rooms/frame-encryption/frame-encryption.ts';

const ROOM = 'room_0123456789ab';
const ADA = 'peer_ada000000000';

/** One who receives Ada's picture over a connection of their own. */
class Viewer {
  readonly peerId: string;
  readonly problems: string[] = [];
  readonly #encryption: FrameEncryption | undefined;
  readonly #sending: RTCPeerConnection;
  readonly #receiving = new RTCPeerConnection();
  readonly #video = document.createElement('video');

  /** @param decrypts `false`: like a relay that only forwards, or somebody who listens in. */
  constructor(name: string, decrypts: boolean) {
    this.peerId = `peer_${name.padEnd(12, '0')}`;
    this.#encryption = decrypts
      ? new FrameEncryption({
          roomId: ROOM,
          selfPeerId: this.peerId,
          send: () => undefined,
          problem: (sentence) => this.problems.push(sentence),
        })
      : undefined;
    this.#sending = new RTCPeerConnection();
    this.#video.muted = true;
    this.#receiving.ontrack = ({ track, receiver }) => {
      this.#encryption?.open(receiver, ADA);
      this.#video.srcObject = new MediaStream([track]);
      void this.#video.play();
    };
  }

  hear(message: PeerMessage): void {
    if (message.type === 'frames:key') this.#encryption?.received(ADA, message);
  }

  async connect(): Promise<void> {
    const [one, other] = [this.#sending, this.#receiving];
    one.onicecandidate = ({ candidate }) => candidate && other.addIceCandidate(candidate);
    other.onicecandidate = ({ candidate }) => candidate && one.addIceCandidate(candidate);
    const sender = one.addTrack(picture());
    const [transceiver] = one.getTransceivers();
    transceiver?.setCodecPreferences(vp8());
    ada.protect(sender);
    await one.setLocalDescription();
    await other.setRemoteDescription(one.localDescription ?? { type: 'offer' });
    await other.setLocalDescription();
    await one.setRemoteDescription(other.localDescription ?? { type: 'answer' });
  }

  /** Waits until so many more bytes have arrived; answers how many frames were decoded of them. */
  async watch(moreBytes: number): Promise<number> {
    const before = await this.#inbound();
    for (;;) {
      const now = await this.#inbound();
      if (now.bytes - before.bytes >= moreBytes) return now.decoded - before.decoded;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }

  /** Resolves at the next decoded frame. */
  async nextFrame(): Promise<void> {
    await new Promise((resolve) => this.#video.requestVideoFrameCallback(resolve));
  }

  /** Whether what is on the screen now is Ada's picture: red. */
  showsRed(): boolean {
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext('2d');
    context?.drawImage(this.#video, 0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context?.getImageData(0, 0, 1, 1).data ?? [];
    return red > 1.5 * green && red > 1.5 * blue;
  }

  async #inbound(): Promise<{ bytes: number; decoded: number }> {
    for (const entry of (await this.#receiving.getStats()).values()) {
      if (entry.type === 'inbound-rtp') {
        return { bytes: entry.bytesReceived ?? 0, decoded: entry.framesDecoded ?? 0 };
      }
    }
    return { bytes: 0, decoded: 0 };
  }
}

const viewers = new Map<string, Viewer>();
const ada = new FrameEncryption({
  roomId: ROOM,
  selfPeerId: ADA,
  send: (peerId, message) => viewers.get(peerId)?.hear(message),
  problem: (sentence) => console.error(sentence),
});

/** Stripes that flicker in shades of red. */
function picture(): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = 320;
  canvas.height = 180;
  const context = canvas.getContext('2d');
  const paint = (time: number) => {
    if (context) {
      for (let x = 0; x < 320; x += 8) {
        context.fillStyle = `hsl(${(x + time / 30) % 30} 90% ${40 + Math.random() * 20}%)`;
        context.fillRect(x, 0, 8, 180);
      }
    }
    requestAnimationFrame(paint);
  };
  requestAnimationFrame(paint);
  const [track] = canvas.captureStream(30).getVideoTracks();
  if (!track) throw new Error('This browser captures no canvas.');
  return track;
}

function vp8(): RTCRtpCodec[] {
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  return codecs.filter(({ mimeType }) => mimeType === 'video/VP8');
}

const page = {
  supported: FrameEncryption.supported,
  /** Connects somebody, who learns Ada's key unless they are only to listen in. */
  async add(name: string, how: 'member' | 'eavesdropper'): Promise<void> {
    const viewer = new Viewer(name, how === 'member');
    viewers.set(viewer.peerId, viewer);
    await viewer.connect();
    if (how === 'member') ada.peerOpened(viewer.peerId);
  },
  sees: (name: string) => viewerOf(name).nextFrame(),
  showsRed: (name: string) => viewerOf(name).showsRed(),
  watch: (name: string, moreBytes: number) => viewerOf(name).watch(moreBytes),
  /** The room says that somebody left. They may still be listening on the wire. */
  leaves: (name: string) => ada.peerGone(viewerOf(name).peerId),
};

function viewerOf(name: string): Viewer {
  const viewer = viewers.get(`peer_${name.padEnd(12, '0')}`);
  if (!viewer) throw new Error(`Nobody here is called ${name}.`);
  return viewer;
}

export type EncryptionPage = typeof page;
Object.assign(globalThis, { encryption: page });
