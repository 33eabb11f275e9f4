import { EventEmitter } from 'node:events';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { Metrics } from '../../../main/diagnostics/metrics.ts';
import { TurnService } from '../../../main/turn/turn-service.ts';

const STUN = 'stun:turn.example.org';
const RELAYS = ['turn:turn.example.org?transport=udp', 'turns:other.example.org:443?transport=tcp'];
const SECRET = 'a secret nobody may read in a log';
const NOW = 1_800_000_000_000;
const DIRECT = 'direct' as const;

/** A service with a room whose people the test decides. */
function setUp({ stunUrls = [STUN], relayUrls = RELAYS } = {}) {
  const rooms = Object.assign(new EventEmitter(), {
    people: [] as { connection: 'direct' | 'turn' }[],
    participants: () => rooms.people,
  });
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const turn = new TurnService({
    stunUrls,
    relay:
      relayUrls.length > 0 ? { urls: relayUrls, secret: { current: () => SECRET } } : undefined,
    relayedPerRoom: 4,
    rooms,
    clock: () => NOW,
    logger,
  });
  const changes: string[] = [];
  turn.on('changed', (roomId, { state }) => changes.push(`${roomId} ${state}`));
  return {
    turn,
    changes,
    lines,
    logged: () => lines.map((line) => JSON.parse(line)),
    /** So many of the six people in the room are relayed now. */
    relayed(count: number) {
      rooms.people = Array.from({ length: 6 }, (_, at) => ({
        connection: at < count ? 'turn' : 'direct',
      }));
      rooms.emit('updated', 'room_one');
    },
    end: () => rooms.emit('ended', { roomId: 'room_one' }),
    ask: (connection: 'direct' | 'turn' = DIRECT) =>
      turn.iceServersFor({ roomId: 'room_one' }, { peerId: 'peer_new', connection }),
  };
}

describe('what a peer is told of STUN and TURN', () => {
  it('is every server, with credentials for the relays alone', () => {
    const { ask } = setUp();
    expect(ask()).toEqual([
      { urls: [STUN] },
      {
        urls: RELAYS,
        username: '1800000720:room_one.peer_new',
        credential: expect.stringMatching(/^[A-Za-z0-9+/]{27}=$/),
      },
    ]);
  });

  it('is nothing where no server is set up', () => {
    const { ask, turn } = setUp({ stunUrls: [], relayUrls: [] });
    expect(ask()).toEqual([]);
    expect(turn.relays).toBe(false);
  });

  it('is STUN alone where only STUN is set up', () => {
    const { ask, turn } = setUp({ relayUrls: [] });
    expect(ask()).toEqual([{ urls: [STUN] }]);
    expect(turn.relays).toBe(false);
  });

  it('is STUN alone for whoever comes to a room at its cap, and the relay stays with those on it', () => {
    const { ask, relayed } = setUp();
    relayed(4);
    expect(ask()).toEqual([{ urls: [STUN] }]);
    expect(ask('turn')).toHaveLength(2);
    relayed(3);
    expect(ask()).toHaveLength(2);
  });

  it('is good for two minutes where somebody only checks their connection', () => {
    const { turn } = setUp();
    const [, relay] = turn.iceServersForCheck({ userId: 'u_somebody' });
    expect(relay?.username).toBe('1800000120:check.u_somebody');
  });

  it('never shows the secret in the log', () => {
    const { ask, relayed, lines } = setUp();
    for (const count of [0, 3, 4]) {
      relayed(count);
      ask();
    }
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join()).not.toContain(SECRET);
  });
});

describe('a room’s use of the relay', () => {
  it('is told once for each step up and down', () => {
    const { changes, relayed } = setUp();
    for (const count of [0, 1, 2, 3, 3, 4, 4, 3, 2, 0]) relayed(count);
    expect(changes).toEqual([
      'room_one strained',
      'room_one full',
      'room_one strained',
      'room_one available',
    ]);
  });

  it('is a warning in the log above 70 % of the cap, and says which room', () => {
    const { logged, relayed } = setUp();
    relayed(2);
    expect(logged()).toEqual([]);
    relayed(3);
    expect(logged()).toMatchObject([
      {
        level: pino.levels.values.warn,
        roomId: 'room_one',
        turn: { relayedParticipants: 3, cap: 4, ratio: 0.75 },
        msg: 'the relay is nearly full for a room: 3 of 4 relayed participants',
      },
    ]);
  });

  it('is forgotten when the room ends', () => {
    const { turn, relayed, end } = setUp();
    relayed(4);
    end();
    expect(turn.figures()).toMatchObject({ relayedParticipants: 0, roomsAboveAlert: 0 });
  });

  it('shows in the metrics', async () => {
    const { turn, relayed, ask } = setUp();
    const metrics = new Metrics({
      ...{ rooms: () => 1, participants: () => 6, sockets: () => 6 },
      turn: () => turn.figures(),
    });
    ask();
    relayed(3);
    ask();
    relayed(4);
    ask();
    const text = await metrics.render();
    expect(text).toMatch(/^swarm_turn_credentials_issued_total 2$/m);
    expect(text).toMatch(/^swarm_turn_credentials_withheld_total 1$/m);
    expect(text).toMatch(/^swarm_turn_relayed_participants 4$/m);
    expect(text).toMatch(/^swarm_turn_room_use_ratio 1$/m);
    expect(text).toMatch(/^swarm_turn_rooms_above_alert 1$/m);
    expect(text).toMatch(/^swarm_turn_estimated_megabits_per_second 26\.46/m);
    // Asked again it is the same, not twice as much.
    expect(await metrics.render()).toMatch(/^swarm_turn_credentials_issued_total 2$/m);
    expect(text).not.toContain('room_one');
  });
});
