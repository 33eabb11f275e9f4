import type {
  Invite,
  JoinRoomResponse,
  MuteState,
  Participant,
  Room,
} from '../../protocol/rooms.ts';
import type { ChatLine } from '../chat/chat-history.ts';
import { heldByRoster, hold } from './held-self.ts';
import { namesOf, seatsOf, shownRoster } from './moderator-acts.ts';
import type {
  EndedReason,
  PeerLink,
  RecorderStatus,
  SignallingState,
  StreamingProblem,
  StreamingState,
} from './streaming.ts';

/** Outside of every room. */
export const OUTSIDE: StreamingState = {
  phase: 'outside',
  signalling: 'offline',
  roster: {},
  acts: [],
  participants: {},
  links: {},
  invites: [],
  knocks: [],
  moderation: [],
  chat: [],
  names: {},
  recorder: { state: 'off', writtenBytes: 0 },
};

/** The click on Join or Start: whatever was shown of an earlier room is gone. */
export function joining(state: StreamingState): StreamingState {
  return { ...OUTSIDE, phase: 'joining', signalling: state.signalling };
}

type JoinAnswer = Pick<JoinRoomResponse, 'room' | 'participant' | 'participants'>;

/** The node let us in. The roster follows with the first room update. */
export function joined(
  state: StreamingState,
  { room, participant, participants }: JoinAnswer,
  extras: { stream?: MediaStream | undefined; invites?: readonly Invite[] | undefined } = {},
): StreamingState {
  return {
    ...OUTSIDE,
    phase: 'inside',
    signalling: state.signalling,
    room,
    self: {
      peerId: participant.peerId,
      role: participant.role,
      muted: participant.muted,
      ...hold(undefined, heldByRoster(participant.mutedByModerator, undefined)),
      ...(extras.stream && { stream: extras.stream }),
    },
    roster: seatsOf(participants),
    participants: seatsOf(participants),
    names: namesOf(participants),
    invites: extras.invites ?? [],
  };
}

/** Back after a lost socket: the peer may be another one, what the page does goes on. */
export function rejoined(state: StreamingState, answer: JoinAnswer): StreamingState {
  if (state.phase !== 'inside') return state;
  const { participant } = answer;
  const fresh = joined(state, answer, { stream: state.self?.stream });
  const samePeer = state.self?.peerId === participant.peerId;
  return {
    ...fresh,
    invites: state.invites,
    knocks: state.knocks,
    moderation: state.moderation,
    chat: state.chat,
    names: { ...state.names, ...fresh.names },
    recorder: state.recorder,
    // Acts that the node has not heard of yet are still on their way to it.
    acts: state.acts,
    participants: samePeer ? state.participants : shownRoster(fresh.roster, state.acts),
    ...(samePeer && { roster: state.roster, links: state.links }),
    ...(samePeer && state.self && { self: { ...state.self, role: participant.role } }),
  };
}

/**
 * The room or its roster changed. `pendingMute` is what this page has asked for and the node may
 * not know yet: it wins over what the roster says of oneself.
 */
export function roomUpdated(
  state: StreamingState,
  room: Room,
  participants: readonly Participant[],
  pendingMute: Partial<MuteState> = {},
): StreamingState {
  if (state.phase !== 'inside' || state.room?.roomId !== room.roomId) return state;
  const { self } = state;
  const roster = seatsOf(
    participants.map((p) =>
      p.peerId === self?.peerId ? { ...p, muted: ownMute(p, pendingMute) } : p,
    ),
  );
  const own = self && roster[self.peerId];
  return {
    ...state,
    room,
    roster,
    participants: shownRoster(roster, state.acts),
    names: { ...state.names, ...namesOf(participants) },
    links: Object.fromEntries(Object.entries(state.links).filter(([peerId]) => peerId in roster)),
    ...(self &&
      own && {
        self: {
          ...withoutHeld(self),
          role: own.role,
          muted: own.muted,
          ...hold(self, heldByRoster(own.mutedByModerator, self.held)),
        },
      }),
  };
}

type Self = NonNullable<StreamingState['self']>;

function withoutHeld({ held: _former, chosen: _before, ...self }: Self): Self {
  return self;
}

/** A switch of ours that is on its way counts, except against a moderator. */
function ownMute({ muted, mutedByModerator }: Participant, pending: Partial<MuteState>): MuteState {
  return {
    audio: mutedByModerator.audio || (pending.audio ?? muted.audio),
    video: mutedByModerator.video || (pending.video ?? muted.video),
  };
}

/** One's own microphone or camera was switched; shown before the node has answered. */
export function selfMuted(state: StreamingState, change: Partial<MuteState>): StreamingState {
  if (!state.self) return state;
  const muted = { ...state.self.muted, ...change };
  const own = state.roster[state.self.peerId];
  if (!own) return { ...state, self: { ...state.self, muted } };
  const roster = { ...state.roster, [own.peerId]: { ...own, muted } };
  return {
    ...state,
    self: { ...state.self, muted },
    roster,
    participants: shownRoster(roster, state.acts),
  };
}

export function localStreamChanged(
  state: StreamingState,
  stream: MediaStream | undefined,
): StreamingState {
  if (!state.self) return state;
  const { stream: _former, lost, ...self } = state.self;
  const still = (kind: 'audio' | 'video') =>
    lost?.[kind] && !stream?.getTracks().some((t) => t.kind === kind && t.readyState === 'live');
  return {
    ...state,
    self: {
      ...self,
      ...(stream && { stream }),
      ...((still('audio') || still('video')) && {
        lost: { ...(still('audio') && { audio: true }), ...(still('video') && { video: true }) },
      }),
    },
  };
}

/** One's own camera or microphone ended by itself. */
export function deviceLost(state: StreamingState, kind: 'audio' | 'video'): StreamingState {
  if (!state.self) return state;
  return { ...state, self: { ...state.self, lost: { ...state.self.lost, [kind]: true } } };
}

/** A peer's connection changed; the time of its first frame is kept through rebuilds. */
export function linkChanged(state: StreamingState, peerId: string, link: PeerLink): StreamingState {
  if (state.phase !== 'inside') return state;
  const firstFrameMs = state.links[peerId]?.firstFrameMs;
  return {
    ...state,
    links: {
      ...state.links,
      [peerId]: { ...link, ...(firstFrameMs !== undefined && { firstFrameMs }) },
    },
  };
}

export function linkRemoved(state: StreamingState, peerId: string): StreamingState {
  const { [peerId]: _removed, ...links } = state.links;
  return { ...state, links };
}

/** Only the first frame counts; a peer we have no connection to is ignored. */
export function firstFrameSeen(
  state: StreamingState,
  peerId: string,
  firstFrameMs: number,
): StreamingState {
  const link = state.links[peerId];
  if (!link || link.firstFrameMs !== undefined) return state;
  return { ...state, links: { ...state.links, [peerId]: { ...link, firstFrameMs } } };
}

export function signallingChanged(
  state: StreamingState,
  signalling: SignallingState,
): StreamingState {
  return state.signalling === signalling ? state : { ...state, signalling };
}

/** All that was said, as it is to be shown. */
export function chatChanged(state: StreamingState, chat: readonly ChatLine[]): StreamingState {
  return state.phase === 'outside' ? state : { ...state, chat };
}

export function statusReported(state: StreamingState, concurrentViewers: number): StreamingState {
  return state.phase === 'inside' ? { ...state, concurrentViewers } : state;
}

export function recorderChanged(state: StreamingState, recorder: RecorderStatus): StreamingState {
  return { ...state, recorder };
}

export function problemMet(state: StreamingState, problem: StreamingProblem): StreamingState {
  return { ...state, problem };
}

/** The room is over for us. Its title stays to be read until it is dismissed. */
export function ended(
  state: StreamingState,
  reason: EndedReason,
  problem?: StreamingProblem,
): StreamingState {
  if (state.phase !== 'inside') return state;
  return {
    ...OUTSIDE,
    phase: 'ended',
    signalling: state.signalling,
    endedReason: reason,
    recorder: state.recorder,
    ...(state.room && { room: state.room }),
    ...(state.farewell && { farewell: state.farewell }),
    ...(problem && { problem }),
  };
}

/** Left by one's own choice. */
export function left(state: StreamingState): StreamingState {
  return { ...OUTSIDE, signalling: state.signalling };
}

/** Forgets an ended room, or only the problem when a room goes on. */
export function dismissed(state: StreamingState): StreamingState {
  if (state.phase === 'ended') return left(state);
  const { problem: _read, ...rest } = state;
  return rest;
}
