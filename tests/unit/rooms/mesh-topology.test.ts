import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SignalMessage } from '../../../protocol/messages.ts';
import type { PeerMessage } from '../../../protocol/peer-messages.ts';
import { Emitter } from '../../../renderer/rooms/emitter.ts';
import { boundedRestarts } from '../../../renderer/rooms/link-recovery.ts';
import type {
  MeshPeer,
  MeshPeerEvents,
  MeshPeerOptions,
  PeerSignal,
} from '../../../renderer/rooms/mesh-peer.ts';
import { MeshTopology } from '../../../renderer/rooms/mesh-topology.ts';
import type { PeerLink } from '../../../renderer/rooms/streaming.ts';
import { FIRST_FRAME_MS, type VideoLimit } from '../../../renderer/rooms/video-limit.ts';
import { participant } from './room-fixtures.ts';

const ROOM = 'room_0123456789ab';
// Ada sorts before Lin, who sorts before Zoe: Lin makes the offers to Zoe, and waits for Ada's.
const ada = participant('ada');
const lin = participant('lin');
const zoe = participant('zoe');

/** A connection without WebRTC: remembers what it was told, and says what the test has it say. */
class ScriptedPeer extends Emitter<MeshPeerEvents> implements MeshPeer {
  readonly options: MeshPeerOptions;
  readonly heard: PeerSignal[] = [];
  destroyed = false;
  trackChanges = 0;
  videoLimits: VideoLimit[] = [];
  restarts = 0;
  iceServers: readonly RTCIceServer[];
  channelOpen = true;
  readonly told: PeerMessage[] = [];

  constructor(options: MeshPeerOptions) {
    super();
    this.options = options;
    this.iceServers = options.iceServers;
  }

  signal(signal: PeerSignal): void {
    this.heard.push(signal);
  }

  setTracks(): void {
    this.trackChanges++;
  }

  setVideoLimit(limit: VideoLimit): void {
    this.videoLimits.push(limit);
  }

  restartIce(): void {
    this.restarts++;
  }

  setIceServers(servers: readonly RTCIceServer[]): void {
    this.iceServers = servers;
  }

  send(message: PeerMessage): boolean {
    this.told.push(message);
    return this.channelOpen;
  }

  async stats() {
    return undefined;
  }

  destroy(): void {
    this.destroyed = true;
  }

  says<E extends keyof MeshPeerEvents>(event: E, payload: MeshPeerEvents[E]): void {
    this.emit(event, payload);
  }
}

/** Lin's side of the room. */
function linsMesh() {
  const peers: ScriptedPeer[] = [];
  const sent: SignalMessage[] = [];
  const links: Record<string, PeerLink | undefined> = {};
  const agreed: string[] = [];
  const opened: string[] = [];
  const heard: { peerId: string; message: PeerMessage }[] = [];
  let networkChanged: () => void = () => undefined;
  const mesh = new MeshTopology({
    roomId: ROOM,
    selfPeerId: lin.peerId,
    iceServers: [],
    stream: undefined,
    restarts: boundedRestarts({ graceMs: 2_000, allowancesMs: [4_000, 8_000] }),
    watchNetwork: (changed) => {
      networkChanged = changed;
      return () => undefined;
    },
    retry: { delayMs: (attempt) => 100 * 2 ** attempt },
    send: (message) => sent.push(message),
    createPeer: (options) => {
      const peer = new ScriptedPeer(options);
      peers.push(peer);
      return peer;
    },
    trust: {
      // Signing takes a while, as it does over the bridge.
      vouch: async ({ from, to }) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        return { ticket: `ticket of ${from}`, proof: `to ${to}` };
      },
      verify: async ({ proof }) =>
        proof === 'forged'
          ? { ok: false, code: 'fingerprint-unsigned', sentence: 'was refused: not signed.' }
          : { ok: true, claims: {} as never },
    },
  });
  mesh.on('link', ({ peerId, link }) => {
    links[peerId] = link;
  });
  mesh.on('agreed', ({ peerId }) => agreed.push(peerId));
  mesh.on('open', ({ peerId }) => opened.push(peerId));
  mesh.on('message', (said) => heard.push(said));
  mesh.on('unlinked', ({ peerId }) => {
    delete links[peerId];
  });
  const last = () => {
    const peer = peers.at(-1);
    if (!peer) throw new Error('no connection was made');
    return peer;
  };
  const changeNetwork = () => networkChanged();
  return { mesh, peers, sent, links, agreed, opened, heard, last, changeNetwork };
}

function sdp(session: number): string {
  return `v=0\r\no=- ${session} 2 IN IP4 127.0.0.1\r\n`;
}

function description(
  kind: 'offer' | 'answer',
  from: string,
  session: number,
  proof = 'good',
): SignalMessage {
  const signed = { roomId: ROOM, from, to: lin.peerId, ticket: 'a ticket', proof };
  return kind === 'offer'
    ? { type: 'signal:offer', ...signed, description: { type: 'offer', sdp: sdp(session) } }
    : { type: 'signal:answer', ...signed, description: { type: 'answer', sdp: sdp(session) } };
}

function candidate(from: string, text: string | null): SignalMessage {
  const address = { roomId: ROOM, from, to: lin.peerId };
  return {
    type: 'signal:candidate',
    ...address,
    candidate: text === null ? null : { candidate: text, sdpMid: '0' },
  };
}

/** Lets queued messages be verified and signed. */
function settle(): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(10);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('setting up', () => {
  it('the peer that sorts first makes the offer, the other waits for one', () => {
    const { mesh, peers } = linsMesh();
    mesh.setRoster([ada, lin, zoe]);
    expect(peers).toHaveLength(1);
    expect(peers[0]?.options.initiator).toBe(true);
  });

  it('no candidate overtakes the offer it belongs to', async () => {
    const { mesh, sent, last } = linsMesh();
    mesh.setRoster([lin, zoe]);
    last().says('signal', { type: 'offer', sdp: sdp(1) });
    last().says('signal', { type: 'candidate', candidate: { candidate: 'c1', sdpMid: '0' } });
    await settle();
    expect(sent.map(({ type }) => type)).toEqual(['signal:offer', 'signal:candidate']);
    expect(sent[0]).toMatchObject({
      from: lin.peerId,
      to: zoe.peerId,
      ticket: `ticket of ${lin.peerId}`,
      proof: `to ${zoe.peerId}`,
    });
  });

  it('an offer that comes before the roster is answered once the roster names its sender', async () => {
    const { mesh, peers, last } = linsMesh();
    mesh.receive(description('offer', ada.peerId, 1));
    mesh.receive(candidate(ada.peerId, 'c1'));
    await settle();
    expect(peers).toEqual([]);
    mesh.setRoster([ada, lin]);
    await settle();
    expect(last().heard.map(({ type }) => type)).toEqual(['offer', 'candidate']);
  });

  it('the end of candidates is taken without a word to the connection', async () => {
    const { mesh, last } = linsMesh();
    mesh.setRoster([ada, lin]);
    mesh.receive(description('offer', ada.peerId, 1));
    mesh.receive(candidate(ada.peerId, null));
    await settle();
    expect(last().heard.map(({ type }) => type)).toEqual(['offer']);
  });

  it('one who waits too long for an offer asks for it', async () => {
    const { mesh, sent } = linsMesh();
    mesh.setRoster([ada, lin]);
    await vi.advanceTimersByTimeAsync(4_200);
    expect(sent).toEqual([
      { type: 'signal:renegotiate', roomId: ROOM, from: lin.peerId, to: ada.peerId },
    ]);
  });
});

describe('what is not for us', () => {
  it('another room’s or another peer’s messages are ignored', async () => {
    const { mesh, peers } = linsMesh();
    mesh.setRoster([ada, lin]);
    mesh.receive({ ...description('offer', ada.peerId, 1), roomId: 'room_ba9876543210' });
    mesh.receive({ ...description('offer', ada.peerId, 1), to: zoe.peerId });
    await settle();
    expect(peers).toEqual([]);
  });

  it('an offer from the side that should wait for ours is ignored', async () => {
    const { mesh, last } = linsMesh();
    mesh.setRoster([lin, zoe]);
    mesh.receive(description('offer', zoe.peerId, 1));
    await settle();
    expect(last().heard).toEqual([]);
  });

  it('an offer that fails its check never reaches the browser, and the person is told', async () => {
    const { mesh, peers, links } = linsMesh();
    mesh.setRoster([ada, lin]);
    mesh.receive(description('offer', ada.peerId, 1, 'forged'));
    await settle();
    expect(peers).toEqual([]);
    expect(links[ada.peerId]).toEqual({ state: 'failed', problem: 'was refused: not signed.' });
  });

  it('a forged answer leaves the connection as it is, and a good one solves the problem', async () => {
    const { mesh, links, last } = linsMesh();
    mesh.setRoster([lin, zoe]);
    mesh.receive(description('answer', zoe.peerId, 1, 'forged'));
    await settle();
    expect(last().heard).toEqual([]);
    expect(links[zoe.peerId]?.problem).toBe('was refused: not signed.');
    mesh.receive(description('answer', zoe.peerId, 1));
    await settle();
    expect(last().heard).toEqual([{ type: 'answer', sdp: sdp(1) }]);
    expect(links[zoe.peerId]?.problem).toBeUndefined();
  });
});

describe('renegotiating', () => {
  it('happens on the same connection as long as the other side’s is the same', async () => {
    const { mesh, peers, last } = linsMesh();
    mesh.setRoster([ada, lin]);
    mesh.receive(description('offer', ada.peerId, 1));
    mesh.receive(description('offer', ada.peerId, 1));
    await settle();
    expect(peers).toHaveLength(1);
    expect(last().heard).toHaveLength(2);
  });

  it('is asked of the initiator, of whose transceiver only the direction may be chosen', async () => {
    const { mesh, last } = linsMesh();
    mesh.setRoster([lin, zoe]);
    mesh.receive(description('answer', zoe.peerId, 1));
    const init = { direction: 'sendonly', sendEncodings: 'what is this' };
    const address = { roomId: ROOM, from: zoe.peerId, to: lin.peerId };
    mesh.receive({ type: 'signal:renegotiate', ...address, transceiver: { kind: 'video', init } });
    await settle();
    expect(last().heard.slice(1)).toEqual([
      { type: 'renegotiate', transceiver: { kind: 'video', init: { direction: 'sendonly' } } },
    ]);
  });
});

it('an offer that was lost is made anew when the other side asks for it', async () => {
  const { mesh, peers } = linsMesh();
  mesh.setRoster([lin, zoe]);
  mesh.receive({ type: 'signal:renegotiate', roomId: ROOM, from: zoe.peerId, to: lin.peerId });
  await settle();
  expect(peers.map(({ destroyed }) => destroyed)).toEqual([true, false]);
});

it('cameras are sent larger after the first frames, and smaller as the room grows', async () => {
  const { mesh, peers } = linsMesh();
  mesh.setRoster([lin, zoe]);
  peers[0]?.says('state', 'connected');
  expect(peers[0]?.videoLimits).toEqual([]);
  await vi.advanceTimersByTimeAsync(FIRST_FRAME_MS);
  mesh.setRoster([lin, zoe, ...['a1', 'a2', 'a3'].map((name) => participant(name))]);
  expect(peers[0]?.videoLimits.map(({ maxHeight }) => maxHeight)).toEqual([720, 360]);
});

describe('coming, going and failing', () => {
  it('a peer that reloads its page gets a fresh connection', async () => {
    const { mesh, peers, last } = linsMesh();
    mesh.setRoster([ada, lin]);
    mesh.receive(description('offer', ada.peerId, 1));
    await settle();
    mesh.receive(description('offer', ada.peerId, 2));
    await settle();
    expect(peers.map(({ destroyed }) => destroyed)).toEqual([true, false]);
    expect(last().heard).toEqual([{ type: 'offer', sdp: sdp(2) }]);
  });

  it('an answer from a page that was reloaded makes the initiator start anew', async () => {
    const { mesh, peers } = linsMesh();
    mesh.setRoster([lin, zoe]);
    mesh.receive(description('answer', zoe.peerId, 1));
    mesh.receive(description('answer', zoe.peerId, 2));
    await settle();
    expect(peers.map(({ destroyed }) => destroyed)).toEqual([true, false]);
  });

  it('who leaves is taken down, and connected anew on return', () => {
    const { mesh, peers, links } = linsMesh();
    mesh.setRoster([lin, zoe]);
    mesh.setRoster([lin]);
    expect(peers[0]?.destroyed).toBe(true);
    expect(links).toEqual({});
    mesh.setRoster([lin, zoe]);
    expect(peers).toHaveLength(2);
    expect(links[zoe.peerId]).toEqual({ state: 'connecting' });
  });

  it('a failed connection is made anew by the initiator, later and later', async () => {
    const { mesh, peers, links, last } = linsMesh();
    mesh.setRoster([lin, zoe]);
    last().says('closed', { code: 'ERR_ICE_CONNECTION_FAILURE', message: 'Ice failed.' });
    expect(links[zoe.peerId]?.state).toBe('failed');
    await vi.advanceTimersByTimeAsync(100);
    expect(peers).toHaveLength(2);
    last().says('closed', { code: 'ERR_ICE_CONNECTION_FAILURE', message: 'Ice failed.' });
    await vi.advanceTimersByTimeAsync(199);
    expect(peers).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(peers).toHaveLength(3);
  });

  it('a connection that stood makes the next wait short again', async () => {
    const { mesh, peers, last } = linsMesh();
    mesh.setRoster([lin, zoe]);
    for (let losses = 0; losses < 4; losses++) {
      last().says('state', 'connected');
      last().says('closed', { code: 'closed', message: 'gone' });
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(peers).toHaveLength(5);
  });

  it('what an old connection still says does not count', async () => {
    const { mesh, peers, sent, links } = linsMesh();
    mesh.setRoster([lin, zoe]);
    peers[0]?.says('closed', { code: 'closed', message: 'gone' });
    await vi.advanceTimersByTimeAsync(100);
    peers[0]?.says('signal', { type: 'offer', sdp: sdp(1) });
    peers[0]?.says('state', 'connected');
    await settle();
    expect(sent).toEqual([]);
    expect(links[zoe.peerId]?.state).toBe('connecting');
  });

  it('after the room nothing is made anew', async () => {
    const { mesh, peers, sent } = linsMesh();
    mesh.setRoster([ada, lin, zoe]);
    mesh.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(peers.map(({ destroyed }) => destroyed)).toEqual([true]);
    expect(sent).toEqual([]);
  });
});

describe('the exchange of descriptions', () => {
  it('is over for the side that answers once its answer is on its way', async () => {
    const { mesh, agreed, sent, last } = linsMesh();
    mesh.setRoster([ada, lin]);
    mesh.receive(description('offer', ada.peerId, 1));
    await settle();
    last().says('signal', { type: 'answer', sdp: sdp(2) });
    expect(agreed).toEqual([]);
    await settle();
    expect(sent.map(({ type }) => type)).toEqual(['signal:answer']);
    expect(agreed).toEqual([ada.peerId]);
  });

  it('is over for the side that offers once its connection took the answer', async () => {
    const { mesh, agreed, last } = linsMesh();
    mesh.setRoster([lin, zoe]);
    last().says('signal', { type: 'offer', sdp: sdp(1) });
    await settle();
    expect(agreed).toEqual([]);
    last().says('answered', undefined);
    expect(agreed).toEqual([zoe.peerId]);
  });

  it('is not over by what a connection says that was replaced since', async () => {
    const { mesh, peers, agreed } = linsMesh();
    mesh.setRoster([lin, zoe]);
    mesh.receive({ type: 'signal:renegotiate', roomId: ROOM, from: zoe.peerId, to: lin.peerId });
    await settle();
    peers[0]?.says('answered', undefined);
    expect(peers).toHaveLength(2);
    expect(agreed).toEqual([]);
  });
});

describe('a path that dies', () => {
  it('is restarted on the same connection by the side that makes the offers', async () => {
    const { mesh, peers, links, last } = linsMesh();
    mesh.setRoster([lin, zoe]);
    last().says('state', 'connected');
    last().says('state', 'disconnected');
    expect(links[zoe.peerId]).toEqual({ state: 'disconnected' });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(last().restarts).toBe(1);
    expect(links[zoe.peerId]).toEqual({ state: 'disconnected', restarting: true });
    last().says('state', 'connected');
    expect(links[zoe.peerId]).toEqual({ state: 'connected' });
    expect(peers).toHaveLength(1);
  });

  it('is asked to be restarted by the other side', async () => {
    const { mesh, sent, last } = linsMesh();
    mesh.setRoster([ada, lin]);
    mesh.receive(description('offer', ada.peerId, 1));
    await settle();
    last().says('state', 'connected');
    last().says('state', 'disconnected');
    await vi.advanceTimersByTimeAsync(2_010);
    expect(last().restarts).toBe(0);
    expect(sent).toEqual([
      {
        type: 'signal:renegotiate',
        iceRestart: true,
        ...{ roomId: ROOM, from: lin.peerId, to: ada.peerId },
      },
    ]);
  });

  it.each([
    ['asks to', { iceRestart: true }, 'connected', 1, []],
    ['asks in general while we see trouble too', {}, 'disconnected', 1, []],
    ['asks in general while all is well', {}, 'connected', 0, ['renegotiate']],
  ] as const)('is restarted when a peer %s', async (_when, wish, state, restarts, heard) => {
    const { mesh, last } = linsMesh();
    mesh.setRoster([lin, zoe]);
    mesh.receive(description('answer', zoe.peerId, 1));
    await settle();
    last().says('state', 'connected');
    last().says('state', state);
    const address = { roomId: ROOM, from: zoe.peerId, to: lin.peerId };
    mesh.receive({ type: 'signal:renegotiate', ...address, ...wish });
    await settle();
    expect(last().restarts).toBe(restarts);
    expect(
      last()
        .heard.slice(1)
        .map(({ type }) => type),
    ).toEqual(heard);
  });

  it('is made anew when restarts don’t help', async () => {
    const { mesh, peers, links, last } = linsMesh();
    mesh.setRoster([lin, zoe]);
    last().says('state', 'connected');
    last().says('state', 'failed');
    await vi.advanceTimersByTimeAsync(12_000);
    expect(peers.map(({ destroyed, restarts }) => [destroyed, restarts])).toEqual([[true, 2]]);
    expect(links[zoe.peerId]).toEqual({ state: 'failed' });
    await vi.advanceTimersByTimeAsync(100);
    expect(peers).toHaveLength(2);
    expect(links[zoe.peerId]).toEqual({ state: 'connecting' });
  });

  it('because the machine changed networks is restarted at once', () => {
    const { mesh, last, changeNetwork } = linsMesh();
    mesh.setRoster([lin, zoe]);
    changeNetwork();
    expect(last().restarts).toBe(0);
    last().says('state', 'connected');
    changeNetwork();
    expect(last().restarts).toBe(1);
  });
});

it('renewed TURN credentials reach what stands and what comes', () => {
  const { mesh, peers } = linsMesh();
  const renewed = [{ urls: 'turn:192.0.2.1', username: 'later', credential: 'secret' }];
  mesh.setRoster([lin, zoe]);
  mesh.setIceServers(renewed);
  mesh.setRoster([lin, zoe, participant('zora')]);
  expect(peers.map(({ iceServers }) => iceServers)).toEqual([renewed, renewed]);
});

describe('the data channel', () => {
  const key: PeerMessage = { type: 'frames:key', keyId: 1, secret: 'A'.repeat(43) };

  it('carries to one peer or to all, and says where it could not', () => {
    const { mesh, peers } = linsMesh();
    const zora = participant('zora');
    mesh.setRoster([lin, zoe, zora]);
    if (peers[1]) peers[1].channelOpen = false;
    expect(mesh.send(zoe.peerId, key)).toBe(true);
    expect(mesh.send(zora.peerId, key)).toBe(false);
    expect(mesh.send(ada.peerId, key)).toBe(false);
    mesh.broadcast(key);
    expect(peers[0]?.told).toEqual([key, key]);
  });

  it('tells when it is open, again after a rebuild, and what a peer says', async () => {
    const { mesh, opened, heard, last } = linsMesh();
    mesh.setRoster([lin, zoe]);
    last().says('open', undefined);
    last().says('message', key);
    expect(heard).toEqual([{ peerId: zoe.peerId, message: key }]);
    last().says('closed', { code: 'closed', message: 'gone' });
    last().says('message', key);
    await vi.advanceTimersByTimeAsync(100);
    last().says('open', undefined);
    expect(opened).toEqual([zoe.peerId, zoe.peerId]);
    expect(heard).toHaveLength(1);
  });
});

describe('members who are out', () => {
  it('are not connected to, whatever the roster says, nor are their offers taken', async () => {
    const { mesh, peers, links } = linsMesh();
    mesh.receive(description('offer', ada.peerId, 1));
    mesh.block(new Set([ada.userId, zoe.userId]));
    mesh.setRoster([ada, lin, zoe]);
    mesh.receive(description('offer', ada.peerId, 1));
    await settle();
    expect(peers).toEqual([]);
    expect(links).toEqual({});
  });

  it('are taken down at once, by whichever peer they are there', () => {
    const { mesh, peers, links } = linsMesh();
    const zoesPhone = participant('zora', { userId: zoe.userId });
    mesh.setRoster([lin, zoe, zoesPhone]);
    mesh.block(new Set([zoe.userId]));
    expect(peers.map(({ destroyed }) => destroyed)).toEqual([true, true]);
    expect(links).toEqual({});
  });

  it('don’t count for what a camera may send', async () => {
    const { mesh, peers } = linsMesh();
    const others = ['a1', 'a2', 'a3'].map((name) => participant(name));
    mesh.block(new Set(others.map(({ userId }) => userId)));
    mesh.setRoster([lin, zoe, ...others]);
    peers[0]?.says('state', 'connected');
    await vi.advanceTimersByTimeAsync(FIRST_FRAME_MS);
    expect(peers[0]?.videoLimits.map(({ maxHeight }) => maxHeight)).toEqual([720]);
  });
});
