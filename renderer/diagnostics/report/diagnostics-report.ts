import { relayUse } from '../../rooms/relay-use.ts';
import type { HeartbeatEcho, StreamingState } from '../../rooms/streaming.ts';
import type { LinkHistories } from '../links/diagnostics-collector.ts';
import { judgeLink } from '../links/judge-link.ts';
import { FIGURES, type Figure, type LinkHistory, pointsOf } from '../links/link-history.ts';
import type { PageLogEntry } from './page-log.ts';
import { redact } from './redact.ts';

export interface ReportInput {
  nowMs: number;
  versions: { app: string; environment: string; shell: 'electron' | 'browser' | 'guest' };
  browser: { userAgent: string; cores: number; online: boolean };
  state: StreamingState;
  histories: LinkHistories;
  echo: HeartbeatEcho | undefined;
  log: readonly PageLogEntry[];
  /** Names that are not in the state, e.g. one's own profile. */
  names: readonly string[];
}

/**
 * What a bug report needs, as JSON: figures, states and versions. People are numbered in the order
 * of their arrival. Only known fields are copied; what is free text is redacted.
 */
export function diagnosticsReport(input: ReportInput): string {
  const { nowMs, state, echo } = input;
  const clean = cleaner(input);
  const { room, recorder } = state;
  const report = {
    report: 'Swarm Studio connection report',
    at: new Date(nowMs).toISOString(),
    versions: input.versions,
    browser: input.browser,
    room: room && {
      state: room.state,
      visibility: room.visibility,
      private: room.private,
      broadcast: room.broadcast,
      recording: room.recording,
      people: Object.keys(state.participants).length,
      relay: relayUse(state),
    },
    phase: state.phase,
    endedReason: state.endedReason,
    problem: state.problem && {
      code: clean(state.problem.code),
      message: clean(state.problem.message),
    },
    signalling: {
      state: state.signalling,
      lastEchoAgeMs: echo && Math.round(nowMs - echo.atMs),
      echoMs: echo && Math.round(echo.roundTripMs),
    },
    recorder: {
      state: recorder.state,
      writtenBytes: recorder.writtenBytes,
      problem: recorder.problem && clean(recorder.problem),
    },
    self: state.self && { role: state.self.role, muted: { ...mutedOf(state.self) } },
    peers: peersOf(input, clean),
    warnings: input.log.map(({ atMs, level, text }) => ({
      secondsAgo: Math.round((nowMs - atMs) / 1000),
      level,
      text: clean(text),
    })),
  };
  return JSON.stringify(report, undefined, 2);
}

function peersOf({ state, histories }: ReportInput, clean: (text: string) => string) {
  return Object.values(state.participants)
    .sort((a, b) => a.joinedAt.localeCompare(b.joinedAt) || a.peerId.localeCompare(b.peerId))
    .map((participant, index) => ({ participant, number: index + 1 }))
    .filter(({ participant }) => participant.peerId !== state.self?.peerId)
    .map(({ participant, number }) => {
      const link = state.links[participant.peerId];
      const history = histories.get(participant.peerId) ?? [];
      const sample = history.at(-1);
      return {
        peer: number,
        role: participant.role,
        status: participant.status,
        muted: mutedOf(participant),
        link: link && {
          state: link.state,
          judgement: judgeLink(link, sample).words,
          firstFrameMs: link.firstFrameMs && Math.round(link.firstFrameMs),
          problem: link.problem && clean(link.problem),
        },
        path: sample && {
          relayed: sample.relayed,
          protocol: sample.protocol,
          relayProtocol: sample.relayProtocol,
          addressFamily: sample.addressFamily,
        },
        received: sample && streamsOf(sample.received),
        sent: sample && streamsOf(sample.sent),
        lastMinute: minuteOf(history),
      };
    });
}

type Streams = Partial<
  Record<
    'audio' | 'video',
    { codec?: string; frameWidth?: number; frameHeight?: number; framesPerSecond?: number }
  >
>;

function streamsOf({ audio, video }: Streams) {
  return {
    audio: audio && { codec: audio.codec },
    video: video && {
      codec: video.codec,
      width: video.frameWidth,
      height: video.frameHeight,
      framesPerSecond: video.framesPerSecond,
    },
  };
}

function minuteOf(history: LinkHistory) {
  return Object.fromEntries(FIGURES.map((figure) => [figure, spread(history, figure)]));
}

function spread(history: LinkHistory, figure: Figure) {
  const values = pointsOf(history, figure)
    .map(({ value }) => value)
    .sort((a, b) => a - b);
  const [min, median, max] = [0, 0.5, 1].map((share) =>
    rounded(values[Math.floor((values.length - 1) * share)], figure),
  );
  return values.length > 0 ? { min, median, max, samples: values.length } : undefined;
}

function rounded(value: number | undefined, figure: Figure): number | undefined {
  if (value === undefined) return undefined;
  return figure === 'lossShare' ? Number(value.toFixed(4)) : Math.round(value);
}

function mutedOf({ muted }: { muted: { audio: boolean; video: boolean } }) {
  return { audio: muted.audio, video: muted.video };
}

function cleaner({ state, names }: ReportInput): (text: string) => string {
  const people = Object.values(state.participants);
  const known = [
    ...names,
    ...Object.values(state.names),
    ...state.knocks.flatMap(({ displayName, handle }) => [displayName, handle]),
    ...people.flatMap(({ displayName, handle, userId }) => [displayName, handle, userId]),
    ...state.invites.flatMap(({ handle = '', label = '', usedBy }) => [
      ...[handle, label],
      ...usedBy.map(({ displayName }) => displayName),
    ]),
    ...(state.room ? [state.room.title, state.room.host.displayName, state.room.host.handle] : []),
  ];
  return (text) => redact(text, known);
}
