import { queryObjects, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { enrolmentRoutes } from '../../main/hosts/node/enrolment-routes.ts';
import { Enrolments } from '../../main/hosts/node/enrolments.ts';
import { Connection } from '../../main/rendezvous/sockets/connection.ts';
import { TurnService } from '../../main/turn/turn-service.ts';
import { MESSAGE_RATE } from '../../protocol/messages.ts';
import { startNode, type TestMember, type TestNode } from '../integration/rendezvous/node.ts';
import type { Source } from './from-schema.ts';
import { FuzzedSocket, MESSAGES_PER_SOCKET, randomFrame } from './messages.ts';
import { Random } from './random.ts';
import { recordRooms } from './recorded-rooms.ts';
import { type Api, randomRequest, readApi, sendRequest } from './requests.ts';
import { endOfTheWorld, newPeople, newWorld, type World } from './world.ts';

/** A world is used up by so many of each: its rooms are closed and its people banned by then. */
const REQUESTS_PER_WORLD = 400;

/** Nothing here comes near a limit of requests: those are tested where they are reached. */
const NO_LIMIT = 1e9;

/** As pino numbers it. */
const LEVEL_ERROR = 50;

export interface FuzzReport {
  requests: number;
  messages: number;
  /** Answers by their status. */
  statuses: Record<number, number>;
  /** After a forced collection with everybody gone: after the first worlds, and after the last. */
  heapMb: { first: number; last: number };
  /** Of closed sockets, still held somewhere. */
  connectionsLeft: number;
  roomsLeft: number;
}

/**
 * Sends requests and messages, right and nearly right ones, to a real node, world after world,
 * each with everybody gone at its end. The same seed sends the same.
 *
 * @throws at a status of 500, a refusal without a code, `internal` on a socket, a message that is
 *   not in the protocol, or an error in the node's log.
 */
export async function fuzzNode(options: {
  seed: number;
  /** Of each, at least so many requests and messages. */
  count: number;
  progress?: (report: Pick<FuzzReport, 'requests' | 'messages'>) => void;
}): Promise<FuzzReport> {
  const random = new Random(options.seed);
  let enrolmentToken = '';
  const recorded = await recordRooms();
  const node = await startNode({
    keepsRooms: true,
    requestLimits: { sessions: NO_LIMIT, writes: NO_LIMIT, sockets: NO_LIMIT },
    turn: (parts) =>
      new TurnService({
        ...parts,
        stunUrls: ['stun:turn.example.org'],
        relay: { urls: ['turn:turn.example.org'], secret: { current: () => 'secret' } },
        relayedPerRoom: 2,
      }),
    moreRoutes: ({ db, clock, access }) => {
      const enrolments = new Enrolments({ db, clock, open: false });
      enrolmentToken = enrolments.invite(1_000_000, 1e15);
      return [enrolmentRoutes({ enrolments, access }), ...recorded.routes(access)];
    },
  });
  try {
    const people = await newPeople(node);
    const api = await readApi(node);
    const report = { requests: 0, messages: 0, statuses: {} as Record<number, number> };
    const heapMb = { first: 0, last: 0 };
    while (report.requests < options.count || report.messages < options.count) {
      const world = await newWorld(node, people, [enrolmentToken, ...recorded.strings]);
      await fuzzWorld({ node, api, world, random, report });
      endOfTheWorld(node);
      heapMb.last = liveHeapMb();
      // The first worlds fill what is filled once: compiled code, prepared statements, caches.
      if (heapMb.first === 0 || report.requests <= options.count / 4) heapMb.first = heapMb.last;
      options.progress?.(report);
    }
    return {
      ...report,
      heapMb,
      connectionsLeft: queryObjects(Connection, { format: 'count' }),
      roomsLeft: node.registry.counts().rooms + node.openSockets(),
    };
  } finally {
    await node.close();
    await recorded.close();
  }
}

async function fuzzWorld({
  node,
  api,
  world,
  random,
  report,
}: {
  node: TestNode;
  api: Api;
  world: World;
  random: Random;
  report: Pick<FuzzReport, 'requests' | 'messages' | 'statuses'>;
}): Promise<void> {
  const source: Source = {
    random,
    strings: world.strings,
    values: world.values,
    resolve: api.resolve,
  };
  const sockets = new Map<TestMember, FuzzedSocket>();
  for (const who of world.people) sockets.set(who, new FuzzedSocket(node, who));
  const requests = Array.from({ length: REQUESTS_PER_WORLD }, () =>
    randomRequest(api, world, source),
  );
  await Promise.all([
    ...[...sockets].map(async ([who, socket]) => {
      const frames = Array.from({ length: MESSAGES_PER_SOCKET }, () =>
        randomFrame(who, world, source),
      );
      await socket.send(frames);
      report.messages += frames.length;
    }),
    (async () => {
      for (const request of requests) {
        const status = await sendRequest(node, request);
        report.requests += 1;
        report.statuses[status] = (report.statuses[status] ?? 0) + 1;
      }
    })(),
  ]);
  node.clock.advance(MESSAGE_RATE.windowMs);
  node.tick();
  await Promise.all([...sockets.values()].map((socket) => socket.close()));
  const faults = [...sockets.values()].flatMap((socket) => socket.faults);
  // Warnings are due here: relays are full, and people are told so.
  const errors = node.logged.splice(0).filter(({ level }) => Number(level) >= LEVEL_ERROR);
  if (faults.length > 0 || errors.length > 0) {
    throw new Error([...faults, ...errors.map((line) => JSON.stringify(line))].join('\n'));
  }
}

/** Of what is still reachable, in MB. */
function liveHeapMb(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed / 1e6;
}
