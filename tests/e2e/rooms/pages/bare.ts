import { toBase64Url } from '../../../../protocol/encoding.ts';
import { dtlsProofText, isInitiator, sdpFingerprint } from '../../../../protocol/identity.ts';
import type { ServerMessage, SignalMessage } from '../../../../protocol/messages.ts';

/**
 * A client of the protocol that shares no room code with the studio: a socket, a key, and a bare
 * RTCPeerConnection without a data channel.
 */
class BareClient {
  readonly #key: CryptoKeyPair;
  readonly #socket: WebSocket;
  readonly #stream: MediaStream;
  #roomId = '';
  #self = '';
  #ticket = '';
  #connection: RTCPeerConnection | undefined;
  #inbox: Promise<void> = Promise.resolve();
  readonly #tracks = Promise.withResolvers<string[]>();

  constructor(key: CryptoKeyPair, socket: WebSocket, stream: MediaStream) {
    this.#key = key;
    this.#socket = socket;
    this.#stream = stream;
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(data) as ServerMessage;
      this.#inbox = this.#inbox.then(() => this.#hear(message));
    });
  }

  join(roomId: string): void {
    this.#roomId = roomId;
    this.#send({ type: 'room:join', roomId });
  }

  /** The kinds of track that came, once there are two. */
  tracks(): Promise<string[]> {
    return this.#tracks.promise;
  }

  /** Drops the connection without a word to the node. */
  drop(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** Of its connection. */
  state(): RTCPeerConnectionState | undefined {
    return this.#connection?.connectionState;
  }

  async #hear(message: ServerMessage): Promise<void> {
    switch (message.type) {
      case 'room:joined':
        this.#self = message.peerId;
        this.#ticket = message.meshTicket;
        return;
      case 'room:update':
        for (const { peerId } of message.participants) {
          if (this.#self && peerId !== this.#self && isInitiator(this.#self, peerId)) {
            if (!this.#connection) await this.#offer(peerId);
          }
        }
        return;
      case 'signal:offer': {
        const connection = this.#connection ?? this.#connect(message.from);
        await connection.setRemoteDescription(message.description);
        await connection.setLocalDescription();
        await this.#describe(message.from, connection.localDescription);
        return;
      }
      case 'signal:answer':
        await this.#connection?.setRemoteDescription(message.description);
        return;
      case 'signal:candidate':
        await this.#connection?.addIceCandidate(message.candidate as RTCIceCandidateInit | null);
        return;
      case 'signal:renegotiate':
        if (!this.#connection) await this.#offer(message.from);
        else if (message.iceRestart) await this.#offerAnew(this.#connection, message.from);
        return;
    }
  }

  async #offer(to: string): Promise<void> {
    const connection = this.#connect(to);
    await connection.setLocalDescription();
    await this.#describe(to, connection.localDescription);
  }

  /** The same connection by another path. */
  async #offerAnew(connection: RTCPeerConnection, to: string): Promise<void> {
    connection.restartIce();
    await connection.setLocalDescription();
    await this.#describe(to, connection.localDescription);
  }

  #connect(to: string): RTCPeerConnection {
    const connection = new RTCPeerConnection();
    const kinds: string[] = [];
    for (const track of this.#stream.getTracks()) connection.addTrack(track);
    connection.ontrack = ({ track }) => {
      kinds.push(track.kind);
      if (kinds.length === 2) this.#tracks.resolve(kinds.toSorted());
    };
    connection.onicecandidate = ({ candidate }) =>
      this.#signal({
        type: 'signal:candidate',
        ...this.#address(to),
        candidate: (candidate?.toJSON() as never) ?? null,
      });
    this.#connection = connection;
    return connection;
  }

  async #describe(to: string, description: RTCSessionDescription | null): Promise<void> {
    if (!description) return;
    const { type, sdp } = description;
    const text = dtlsProofText({ ...this.#address(to), fingerprint: sdpFingerprint(sdp) ?? '' });
    const bytes = new TextEncoder().encode(text);
    const signature = await crypto.subtle.sign('Ed25519', this.#key.privateKey, bytes);
    const proof = toBase64Url(new Uint8Array(signature));
    const signed = { ...this.#address(to), ticket: this.#ticket, proof };
    if (type === 'offer') {
      this.#signal({ type: 'signal:offer', ...signed, description: { type, sdp } });
    }
    if (type === 'answer') {
      this.#signal({ type: 'signal:answer', ...signed, description: { type, sdp } });
    }
  }

  #address(to: string) {
    return { roomId: this.#roomId, from: this.#self, to };
  }

  #signal(message: SignalMessage): void {
    this.#send(message);
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }
}

async function post(url: string, body: object) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return response.json();
}

async function open(node: string): Promise<BareClient> {
  const key = (await crypto.subtle.generateKey('Ed25519', false, ['sign'])) as CryptoKeyPair;
  const publicKey = toBase64Url(
    new Uint8Array(await crypto.subtle.exportKey('raw', key.publicKey)),
  );
  const { challengeId, nonce } = await post(`${node}/api/session/challenge`, { publicKey });
  const signature = toBase64Url(
    new Uint8Array(
      await crypto.subtle.sign('Ed25519', key.privateKey, new TextEncoder().encode(nonce)),
    ),
  );
  const person = { handle: 'bare', displayName: 'Bare', guest: true };
  const proof = { challengeId, publicKey, signature };
  const { token } = await post(`${node}/api/session`, { ...proof, ...person });
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const socket = new WebSocket(`${node.replace('http', 'ws')}/ws`);
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  socket.send(JSON.stringify({ type: 'authenticate', token }));
  return new BareClient(key, socket, stream);
}

let client: BareClient;

const bare = {
  open: async (node: string) => {
    client = await open(node);
  },
  join: (roomId: string) => client.join(roomId),
  tracks: () => client.tracks(),
  drop: () => client.drop(),
  state: () => client.state(),
};

/** What the tests call in the page. */
export type Bare = typeof bare;

Object.assign(globalThis, { bare });
