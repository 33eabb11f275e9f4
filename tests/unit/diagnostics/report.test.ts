import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Invite, Participant } from '../../../protocol/rooms.ts';
import { diagnosticsReport } from '../../../renderer/diagnostics/report/diagnostics-report.ts';
import {
  followPage,
  PAGE_LOG_ENTRIES,
  PageLog,
} from '../../../renderer/diagnostics/report/page-log.ts';
import { redact } from '../../../renderer/diagnostics/report/redact.ts';
import { readLinkSample } from '../../../renderer/rooms/link-sample.ts';
import type { StreamingState } from '../../../renderer/rooms/streaming.ts';
import { StreamingStore } from '../../../renderer/rooms/streaming-store.ts';
import { recordedReports } from './recorded-reports.ts';

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const run = (min: number, max: number) =>
  fc.string({
    unit: fc.constantFrom(...base64url),
    minLength: min,
    maxLength: max,
  });
/** Secrets begin and end with a letter here, so that their edges are the text's edges. */
const opaque = fc.tuple(run(22, 80)).map(([middle]) => `Z9${middle}x`);
const jwt = fc.tuple(opaque, opaque, opaque).map((parts) => parts.join('.'));
const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.integer({ min: 10, max: 255 }));
const name = fc.stringMatching(/^[A-Z][a-zé]{5,11}q[ '-][A-Z][a-z.()*+]{5,11}w$/);

/** How a secret may come into a log line. */
const secrets = fc.oneof(
  jwt.map((token) => ({ secret: token, text: token })),
  jwt.map((token) => ({ secret: token, text: `Authorization: Bearer ${token}` })),
  jwt.map((token) => ({ secret: token, text: `https://node.example/join/room_1#invite=${token}` })),
  opaque.map((key) => ({ secret: key, text: `key ${key} was refused` })),
  opaque.map((id) => ({ secret: id, text: `(room_${id})` })),
  fc
    .stringMatching(/^[a-z]{4,12}$/)
    .map((word) => ({ secret: `qz${word}qz`, text: `{"credential":"qz${word}qz"}` })),
  address.map((parts) => ({ secret: parts.join('.'), text: `from ${parts.join('.')}:443` })),
  fc
    .array(fc.integer({ min: 0x1000, max: 0xffff }), { minLength: 8, maxLength: 8 })
    .map((groups) => groups.map((group) => group.toString(16)).join(':'))
    .map((ip) => ({ secret: ip, text: `to [${ip}]` })),
  opaque.map((pwd) => ({ secret: pwd, text: `v=0\r\no=- 1 2 IN IP4 0\r\na=ice-pwd:${pwd}\r\n` })),
  fc
    .array(fc.integer({ min: 16, max: 255 }), { minLength: 32, maxLength: 32 })
    .map((bytes) => bytes.map((byte) => byte.toString(16).toUpperCase()).join(':'))
    .map((print) => ({ secret: print, text: `a=fingerprint:sha-256 ${print}` })),
  fc
    .stringMatching(/^[a-z]{5,9}$/)
    .map((user) => ({ secret: `xq${user}`, text: `EACCES /home/xq${user}/.config` })),
);

describe('redacting', () => {
  test('lets no secret through, whatever stands around it', () => {
    fc.assert(
      fc.property(secrets, fc.lorem(), fc.lorem(), ({ secret, text }, before, after) => {
        const clean = redact(`${before} ${text} ${after}`);
        expect(clean).not.toContain(secret);
        // What is cut into pieces and all there would be no better.
        if (secret.length > 20) expect(clean).not.toContain(secret.slice(-16));
      }),
      { numRuns: 1000 },
    );
  });

  test('takes out names, in any case of letters', () => {
    fc.assert(
      fc.property(name, fc.lorem(), (person, words) => {
        const clean = redact(`${words} ${person.toUpperCase()}: ${words} “${person}”`, [person]);
        expect(clean.toLowerCase()).not.toContain(person.toLowerCase());
      }),
    );
  });

  test.each([
    ['10.20.30.40', '10.20.30.x'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8::x'],
    ['fe80::1%eth0', '::x'],
    ['at 12:34:56 sharp', 'at 12:34:56 sharp'],
    ['mail ada@example.org now', 'mail [address] now'],
    ['asked @ada to join', 'asked [name] to join'],
    ['C:\\Users\\ada\\file', 'C:/[home]\\file'],
    ['turn:relay.example.org:3478?transport=udp failed', '[server] failed'],
    ['http://127.0.0.1:4000/assets/index-abc.js:12:34', '[page]/index-abc.js:12:34'],
    ['http://127.0.0.1:4000/join/room_1', '[link]'],
    ['candidate:1 1 udp 2113937151 10.0.0.1 5000 typ host', '[candidate]'],
  ])('%s becomes %s', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  test('leaves what a report is read for', () => {
    const text =
      'InvalidStateError: Failed to execute addTrack on RTCPeerConnection (code room-not-found, 3 tries)';
    expect(redact(text)).toBe(text);
  });

  test('does not stumble over names that are patterns, or empty', () => {
    expect(redact('a (b)* c', ['(b)*', '', ' '])).toBe('a [name] c');
    expect(redact('Adapter', ['Ada'])).toBe('Adapter');
  });
});

describe('what the page keeps of its warnings', () => {
  test('is redacted when it comes in, bounded, and leaves the console as it is', () => {
    const print = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const printError = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const page = new EventTarget();
    const log = new PageLog(() => 1000);
    followPage(page as unknown as Window, log);
    console.warn('From 10.0.0.7', { token: 'x' }, new TypeError('broke'));
    expect(log.entries).toEqual([
      { atMs: 1000, level: 'warning', text: 'From 10.0.0.x [Object] TypeError: broke' },
    ]);
    expect(print).toHaveBeenCalledOnce();
    page.dispatchEvent(
      Object.assign(new Event('unhandledrejection'), { reason: new Error('nobody caught it') }),
    );
    expect(log.entries.at(-1)).toMatchObject({ level: 'error', text: 'Error: nobody caught it' });
    for (let i = 0; i < 2 * PAGE_LOG_ENTRIES; i++) console.error(`problem ${i}`);
    expect(log.entries).toHaveLength(PAGE_LOG_ENTRIES);
    expect(log.entries.at(-1)?.text).toBe(`problem ${2 * PAGE_LOG_ENTRIES - 1}`);
    print.mockRestore();
    printError.mockRestore();
  });
});

describe('a report', () => {
  test('has the figures and states, and people as numbers', () => {
    const report = JSON.parse(reportOf(stateOf({ person: 'Grace Hopper', secret: 'none' })));
    expect(report).toMatchObject({
      versions: { app: '1.2.3', shell: 'guest' },
      phase: 'inside',
      signalling: { state: 'online', lastEchoAgeMs: 4000, echoMs: 7 },
      recorder: { state: 'recording', writtenBytes: 5 },
      peers: [
        {
          peer: 1,
          role: 'speaker',
          link: { state: 'connected', judgement: ['Good'] },
          path: { relayed: false, protocol: 'udp' },
          received: { video: { codec: 'VP8', width: 640, height: 360 } },
        },
      ],
    });
    expect(report.peers[0].lastMinute.roundTripMs).toMatchObject({ samples: 2 });
    expect(report.warnings).toHaveLength(1);
  });

  test('has no secret in it, wherever in the room’s state one lies', () => {
    fc.assert(
      fc.property(secrets, name, name, ({ secret, text }, person, title) => {
        const state = stateOf({ person, secret: text, title });
        const report = reportOf(state, `${person} in ${title} said ${text}`);
        expect(report).not.toContain(secret);
        expect(report).not.toContain(person);
        expect(report).not.toContain(title);
      }),
      { numRuns: 100 },
    );
  });
});

function reportOf(state: StreamingState, warning = 'nothing'): string {
  const [first, second] = recordedReports();
  const before = readLinkSample(first);
  return diagnosticsReport({
    nowMs: 10_000,
    versions: { app: '1.2.3', environment: 'general', shell: 'guest' },
    browser: { userAgent: 'A browser', cores: 8, online: true },
    state,
    histories: new Map([['peer_b', [before, readLinkSample(second, before)]]]),
    echo: { atMs: 6000, roundTripMs: 7 },
    log: [{ atMs: 9000, level: 'warning', text: warning }],
    names: [],
  });
}

/** A room with the secret in every field that could hold one. */
function stateOf(parts: { person: string; secret: string; title?: string }): StreamingState {
  const { person, secret, title = 'Tuning' } = parts;
  const muted = { audio: false, video: false };
  const participant: Participant = {
    peerId: 'peer_b',
    userId: 'u_AAAAAAAAAAAAAAAAAAAAAA',
    handle: 'grace',
    displayName: person,
    role: 'speaker',
    connection: 'direct',
    muted,
    mutedByModerator: muted,
    guest: false,
    status: 'active',
    joinedAt: '2026-01-01T00:00:00.000Z',
    lastHeartbeatAt: '2026-01-01T00:00:00.000Z',
  };
  const invite: Invite = {
    inviteId: 'inv_1',
    roomId: 'room_0123456789',
    label: person,
    role: 'speaker',
    singleUse: false,
    state: 'pending',
    usedBy: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-02T00:00:00.000Z',
    token: secret,
    link: `https://node.example/join/room_0123456789#invite=${secret}`,
  };
  return {
    ...new StreamingStore().state,
    phase: 'inside',
    signalling: 'online',
    room: {
      roomId: 'room_0123456789',
      context: 'profile',
      title,
      visibility: 'public',
      private: false,
      state: 'live',
      broadcast: 'backstage',
      recording: 'off',
      recordingError: secret,
      host: { userId: 'u_BBBBBBBBBBBBBBBBBBBBBB', handle: 'ada', displayName: person },
      participantCount: 2,
      capacity: 12,
      createdAt: '2026-01-01T00:00:00.000Z',
    },
    participants: { peer_b: participant },
    links: { peer_b: { state: 'connected', problem: `${person}: ${secret}` } },
    invites: [invite],
    recorder: { state: 'recording', recordingId: 'rec_1', writtenBytes: 5, problem: secret },
    problem: { code: 'internal', message: `${person} ${secret}` },
  };
}
