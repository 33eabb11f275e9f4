import type { IceServer } from '../../../protocol/rooms.ts';

export type CheckId =
  | 'devices'
  | 'picture'
  | 'sound'
  | 'node'
  | 'socket'
  | 'webrtc'
  | 'stun'
  | 'turn'
  | 'upload';

/**
 * How a check ended. `warning`: one can join, but something will be missing or may fail. `skipped`:
 * there was nothing to check here, and the sentence says why.
 */
export type CheckStatus = 'fine' | 'warning' | 'failed' | 'skipped';

export interface CheckOutcome {
  status: CheckStatus;
  /** What was found; where it is not fine, what is wrong and what to do. */
  sentence: string;
}

/** What earlier checks found out for later ones. */
export interface Known {
  camera?: boolean;
  microphone?: boolean;
  /** Shortest time of an empty request to the node, in milliseconds. */
  roundTripMs?: number;
  iceServers?: readonly IceServer[];
}

/** Why a server gave no candidate (`icecandidateerror`, W3C WebRTC section 4.8.2). */
export interface GatheringError {
  /** STUN's error code (RFC 8489 section 14.8), or 701 where the server was not reached. */
  code: number;
  url: string;
}

export interface Gathering {
  found: boolean;
  /** How the relay is reached, where one was found and the browser tells. */
  relayProtocol?: string;
  errors: readonly GatheringError[];
}

/** The browser and the node, as the checks use them. Every wait ends when its signal aborts. */
export interface CheckEnvironment {
  /** The node runs on this computer: its network says nothing about the way to other people. */
  readonly sameComputer: boolean;
  /** Rejects with a `MediaProblem` where neither can be had. */
  openDevices(
    signal: AbortSignal,
  ): Promise<{ camera: boolean; microphone: boolean; problems: readonly string[] }>;
  /** Resolves once the camera has shown that many pictures. */
  watchCamera(frames: number, signal: AbortSignal): Promise<void>;
  /** The loudest root mean square heard (1 is full scale); ends early above `enough`. */
  listen(options: { ms: number; enough: number }, signal: AbortSignal): Promise<number>;
  /** Milliseconds of one empty request to the node. Rejects when it does not answer. */
  ping(signal: AbortSignal): Promise<number>;
  /** Opens the signalling socket and closes it. `answerMs` is absent without a session. */
  openSocket(signal: AbortSignal): Promise<{ answerMs?: number }>;
  /** Sends a picture through a connection of this page to itself; milliseconds until it is there. */
  sendPictureToSelf(signal: AbortSignal): Promise<number>;
  /** Rejects with `auth-required` where there is no session yet. */
  iceServers(signal: AbortSignal): Promise<readonly IceServer[]>;
  gather(
    want: 'srflx' | 'relay',
    servers: readonly IceServer[],
    signal: AbortSignal,
  ): Promise<Gathering>;
  /** Milliseconds that the node took to receive that many random bytes. */
  upload(bytes: number, signal: AbortSignal): Promise<number>;
}

/** One step of the check. Pure: everything it touches is in its environment. */
export interface ConnectionCheck {
  id: CheckId;
  title: string;
  /** After this the step is ended, and {@link late} is what it found. */
  limitMs: number;
  late: CheckOutcome;
  run(
    environment: CheckEnvironment,
    known: Readonly<Known>,
    signal: AbortSignal,
  ): Promise<CheckOutcome & { learned?: Known }>;
}

export const fine = (sentence: string): CheckOutcome => ({ status: 'fine', sentence });
export const warning = (sentence: string): CheckOutcome => ({ status: 'warning', sentence });
export const failed = (sentence: string): CheckOutcome => ({ status: 'failed', sentence });
export const skipped = (sentence: string): CheckOutcome => ({ status: 'skipped', sentence });
