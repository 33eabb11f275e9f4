import { onTestFinished } from 'vitest';
import { type RawData, WebSocket } from 'ws';
import type { Audience } from '../../../main/rendezvous/access.ts';
import { type JudgedRecordings, ReplayAccess } from '../../../main/replay/replay-access.ts';
import { SwarmTickets } from '../../../main/replay/tracker/swarm-tickets.ts';
import {
  SwarmTracker,
  type SwarmTrackerLimits,
} from '../../../main/replay/tracker/swarm-tracker.ts';
import { trackerRoutes } from '../../../main/replay/tracker/tracker-routes.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { SwarmTicket, TrackerMessage } from '../../../protocol/swarm.ts';
import { startNode, type TestMember, type TestNode } from '../rendezvous/node.ts';

export const PUBLIC = 'rec_publicpublic';
export const INVITED = 'rec_invitedinvited';
export const STUN = { urls: ['stun:stun.example:3478'] };

/** A node with a tracker and two recordings: one for everybody, one for whoever is let in. */
export async function startTrackedNode(limits: Partial<SwarmTrackerLimits> = {}) {
  const tracker = new SwarmTracker(limits);
  const invited = new Set<string>();
  const audiences = new Map<string, Audience>([
    [PUBLIC, { visibility: 'public', hostUserId: 'u_host', allowedUserIds: new Set() }],
    [INVITED, { visibility: 'invite-only', hostUserId: 'u_host', allowedUserIds: invited }],
  ]);
  const refusals: ErrorCode[] = [];
  const recordings: JudgedRecordings = {
    audienceOf: (recordingId) => audiences.get(recordingId),
    library: { requireKept: () => ({ roomId: 'room_0123456789abcdef' }) },
    live: { watchable: () => undefined },
  };
  const node = await startNode({
    moreRoutes: ({ tokens, access, clock }) => [
      trackerRoutes({
        ...{ tracker, clock },
        tickets: new SwarmTickets({ tokens, stunServers: () => [STUN] }),
        refused: (code) => refusals.push(code),
        replayAccess: new ReplayAccess({ recordings, access, isBackstage: () => false }),
      }),
    ],
  });
  onTestFinished(() => node.close());
  return { node, tracker, invited, audiences, refusals };
}

/** A ticket of somebody's, or of nobody's. Throws the node's refusal code. */
export async function ticketFor(
  node: TestNode,
  recordingId: string,
  as?: TestMember,
  last?: SwarmTicket,
): Promise<SwarmTicket> {
  const path = `/replays/${recordingId}/swarm`;
  const body = { token: last?.token };
  const answer = as ? await as.call('POST', path, body) : await node.request('POST', path, body);
  if (answer.status !== 200) throw new Error(answer.json.code);
  return SwarmTicket.parse(answer.json);
}

export const sdpOf = (type: 'offer' | 'answer', name: string) => ({ type, sdp: `v=0 ${name}` });

/** A viewer's socket to the tracker; what it hears is waited for. */
export class Viewer {
  readonly raw: WebSocket;
  readonly closed: Promise<number>;
  #heard: TrackerMessage[] = [];
  #wake: () => void = () => undefined;

  private constructor(raw: WebSocket) {
    this.raw = raw;
    raw.on('message', (data: RawData) => {
      this.#heard.push(TrackerMessage.parse(JSON.parse(String(data))));
      this.#wake();
    });
    this.closed = new Promise((resolve) => raw.on('close', (code) => resolve(code)));
    raw.on('close', () => this.#wake());
    onTestFinished(() => raw.terminate());
  }

  static async open(node: TestNode, headers: Record<string, string> = {}): Promise<Viewer> {
    const raw = new WebSocket(`${node.url.replace('http', 'ws')}/tracker`, { headers });
    const viewer = new Viewer(raw);
    await new Promise<void>((resolve, reject) => {
      raw.once('open', () => resolve());
      raw.once('error', reject);
    });
    return viewer;
  }

  send(message: unknown): void {
    this.raw.send(
      typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message),
    );
  }

  announce({ infoHash, peerId, token }: SwarmTicket, more: Record<string, unknown> = {}): void {
    this.send({ action: 'announce', info_hash: infoHash, peer_id: peerId, token, ...more });
  }

  /** The next thing it hears; what was said before was taken already. */
  async next(): Promise<TrackerMessage> {
    for (;;) {
      const heard = this.#heard.shift();
      if (heard) return heard;
      if (this.raw.readyState === WebSocket.CLOSED)
        throw new Error('The tracker closed the socket.');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The code of the next thing it hears, which is a refusal. */
  async refusal(): Promise<ErrorCode> {
    const message = await this.next();
    if (!('code' in message)) throw new Error(`This is no refusal: ${JSON.stringify(message)}`);
    return message.code;
  }
}
