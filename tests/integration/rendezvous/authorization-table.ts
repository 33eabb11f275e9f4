import type { ErrorCode } from '../../../protocol/errors.ts';
import type { PopulatedRoom } from './populated-room.ts';

/** What each of `ROLES` is answered, in their order: a status, or a refusal's code. */
type Cells = readonly [Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell];
export type Cell = number | ErrorCode;

export interface Row {
  /** Names an operation of the OpenAPI document, with a variant in brackets where it has several. */
  does: string;
  body?: (room: PopulatedRoom) => object;
  query?: string;
  cells: Cells;
  /** A node answers it only a few times a minute: each role asks one of its own. */
  isScarce?: boolean;
}

const all = (cell: Cell): Cells => [cell, cell, cell, cell, cell, cell, cell, cell];
/** Anybody with a session. */
const session = (cell: Cell): Cells => ['auth-required', ...all(cell).slice(1)] as unknown as Cells;
/** Anybody who is not a guest. */
const members = (cell: Cell): Cells => {
  const [nobody, guest] = ['auth-required', 'forbidden'] as const;
  return [nobody, guest, guest, cell, cell, cell, cell, cell];
};
const MODERATORS: Cells = [
  ...(['auth-required', 'forbidden', 'forbidden', 'forbidden'] as const),
  ...([200, 200, 'banned', 'forbidden'] as const),
];
const hostAlone = (cell: Cell, others: Cell = 'forbidden', banned: Cell = others): Cells => [
  'auth-required',
  ...([others, others, others, others, cell, banned, others] as const),
];
/** Those who are in the room; `nobody` where a session is not asked for first. */
const insiders = (nobody: Cell): Cells => [
  ...([nobody, 'invite-required', 200, 200, 200, 200, 'banned', 'invite-required'] as const),
];

const ROOM = '/api/signaling/rooms/{roomId}';
const PEER = `${ROOM}/participants/{peerId}`;
export const newRoom = { context: 'profile', title: 'New', visibility: 'public' };
const mute = { action: 'mute', scope: 'audio' };

export const REST: Row[] = [
  { does: 'GET /.well-known/jwks.json', cells: all(200) },
  { does: 'GET /api/node', cells: all(200) },
  { does: 'GET /api/openapi.json', cells: all(200) },
  { does: 'GET /healthz', cells: all(200) },
  { does: 'GET /metrics', cells: all(200) },
  {
    does: 'POST /api/session/challenge',
    body: () => ({ publicKey: 'A'.repeat(43) }),
    cells: all(200),
  },
  {
    // Nobody's challenge: whoever one is, only one's own key opens a session.
    does: 'POST /api/session',
    body: () => ({
      ...{ challengeId: 'none', publicKey: 'A'.repeat(43), signature: 'A'.repeat(86) },
      ...{ handle: 'somebody', displayName: 'Somebody' },
    }),
    cells: all('auth-failed'),
  },
  { does: 'POST /api/session/renew', cells: session(200) },
  { does: 'GET /api/signaling/ice-servers', cells: session(200) },
  { does: 'POST /api/diagnostics/upload-probe', cells: session(200), isScarce: true },

  { does: 'GET /api/signaling/rooms', cells: all(200) },
  { does: 'POST /api/signaling/rooms', body: () => newRoom, cells: members(201) },
  {
    does: 'POST /api/signaling/rooms (reopening)',
    body: ({ roomId }) => ({ ...newRoom, roomId }),
    cells: hostAlone(201),
  },
  { does: `GET ${ROOM}`, cells: insiders('invite-required') },
  { does: `DELETE ${ROOM}`, cells: hostAlone(204) },
  { does: `POST ${ROOM}/join`, cells: insiders('auth-required') },
  {
    does: `POST ${ROOM}/join (knocking)`,
    body: () => ({ knock: true }),
    cells: ['auth-required', 202, 200, 200, 200, 200, 'banned', 202],
  },
  { does: `POST ${ROOM}/leave`, cells: session(204) },
  { does: `POST ${ROOM}/promote`, cells: hostAlone(200) },
  { does: `POST ${ROOM}/recording`, body: () => ({ enabled: true }), cells: hostAlone(200) },
  { does: `GET ${ROOM}/participants`, cells: insiders('auth-required') },
  { does: `GET ${ROOM}/knocks`, cells: MODERATORS },
  { does: `PATCH ${PEER} (mute)`, body: () => mute, cells: MODERATORS },
  {
    does: `PATCH ${PEER} (unmute)`,
    body: () => ({ action: 'unmute', scope: 'both' }),
    cells: MODERATORS,
  },
  { does: `PATCH ${PEER} (remove)`, body: () => ({ action: 'remove' }), cells: MODERATORS },
  {
    does: `PATCH ${PEER} (promote)`,
    body: () => ({ action: 'promote', role: 'cohost' }),
    cells: hostAlone(200, 'forbidden', 'banned'),
  },
  {
    does: `PATCH ${PEER} (demote)`,
    body: () => ({ action: 'demote', role: 'listener' }),
    cells: MODERATORS,
  },
  { does: `PATCH ${PEER} (approve)`, body: () => ({ action: 'approve' }), cells: MODERATORS },
  { does: `PATCH ${PEER} (deny)`, body: () => ({ action: 'deny' }), cells: MODERATORS },
  { does: `POST ${ROOM}/invitations`, cells: MODERATORS },
  {
    does: `POST ${ROOM}/invitations (minting)`,
    body: () => ({ invitees: [{ role: 'speaker' }] }),
    cells: MODERATORS,
  },
  {
    does: `POST ${ROOM}/invitations (minting for a cohost)`,
    body: () => ({ invitees: [{ role: 'cohost' }] }),
    cells: hostAlone(200, 'forbidden', 'banned'),
  },
  {
    does: `POST ${ROOM}/invitations (revoking)`,
    body: ({ inviteId }) => ({ revoke: [inviteId] }),
    cells: MODERATORS,
  },
  {
    does: `POST ${ROOM}/moderation (ban)`,
    body: ({ target }) => ({ action: 'ban', targetPeerId: target }),
    cells: MODERATORS,
  },
  {
    does: `POST ${ROOM}/moderation (unban)`,
    body: ({ peers }) => ({ action: 'unban', targetPeerId: peers.get('banned') }),
    cells: MODERATORS,
  },
  { does: `GET ${ROOM}/moderation/log`, cells: MODERATORS },

  {
    does: 'POST /api/posts',
    body: () => ({ text: 'Hello', context: 'profile' }),
    cells: members(201),
  },
  {
    does: 'GET /api/posts/{postId}',
    cells: [
      ...(['post-not-found', 'post-not-found', 200, 200, 200, 200] as const),
      // Whoever was let in once stays in the audience of what was made there.
      ...([200, 'post-not-found'] as const),
    ],
  },
  {
    does: 'PATCH /api/posts/{postId}',
    body: () => ({ title: 'Other' }),
    cells: [
      ...(['auth-required', 'forbidden', 'forbidden', 'forbidden', 'forbidden', 200] as const),
      ...(['forbidden', 'post-not-found'] as const),
    ],
  },
  {
    does: 'DELETE /api/posts/{postId}',
    cells: [
      ...(['auth-required', 'forbidden', 'forbidden', 'forbidden', 'forbidden', 204] as const),
      ...(['forbidden', 'post-not-found'] as const),
    ],
  },
  { does: 'GET /api/feeds/profile/{handle}', cells: all(200) },
  { does: 'GET /api/feeds/project/{projectId}', cells: all(200) },
  { does: 'GET /api/search', query: '?q=words', cells: all(200) },
  { does: 'GET /api/projects', cells: all(200) },
  { does: 'GET /api/projects/{projectId}', cells: all(200) },
  { does: 'POST /api/projects', body: () => ({ name: 'Garden' }), cells: members(201) },
  {
    // The host's: guests have no say in projects at all.
    does: 'PATCH /api/projects/{projectId}',
    body: () => ({ name: 'Orchard' }),
    cells: hostAlone(200),
  },
  { does: 'DELETE /api/projects/{projectId}', cells: hostAlone(204) },
  { does: 'GET /api/projects/{projectId}/members', cells: hostAlone(200) },
  {
    does: 'PATCH /api/projects/{projectId}/members/{userId}',
    body: () => ({ role: 'owner' }),
    cells: hostAlone(200),
  },
  // The owner can't go, and nobody else may take them out.
  { does: 'DELETE /api/projects/{projectId}/members/{userId}', cells: session('forbidden') },
  {
    does: 'POST /api/projects/{projectId}/invitations',
    body: () => ({}),
    cells: hostAlone(200),
  },
  {
    does: 'POST /api/projects/{projectId}/invitation',
    body: () => ({}),
    cells: members('invite-required').map((cell, i) => (i === 5 ? 200 : cell)) as never,
  },
  {
    does: 'POST /api/projects/{projectId}/join',
    body: () => ({}),
    cells: members('invite-required').map((cell, i) => (i === 5 ? 200 : cell)) as never,
  },
  { does: 'DELETE /api/projects/{projectId}/invitation', cells: members(204) },
];
