import { z } from 'zod';
import { Problem, ProtocolError } from '../../../protocol/errors.ts';
import { isLoopback } from '../../../protocol/node-link.ts';
import { IceServer } from '../../../protocol/rooms.ts';
import { UploadProbeResult } from '../../../protocol/upload-probe.ts';
import type { SessionKeeper } from '../../identity/session-keeper.ts';
import { acquireMedia, releaseMedia } from '../../media/devices.ts';
import { SignallingSocket } from '../../rooms/signalling-socket.ts';
import type { CheckEnvironment } from './connection-check.ts';
import { gatherCandidate } from './gather-candidate.ts';
import { sendPictureToSelf } from './self-connection.ts';
import { listenTo, watchStream } from './watch-stream.ts';

export interface BrowserEnvironmentOptions {
  /** Where this page reaches the node; empty for its own origin. */
  baseUrl: string;
  /** The node itself, which may be farther away than the way to it. */
  nodeOrigin: string;
  sessions: Pick<SessionKeeper, 'token'>;
  /** Camera and microphone where they are open already, so that nobody is asked twice. */
  preview: MediaStream | undefined;
}

/** The real thing. To be closed, which turns off what it opened. */
export interface BrowserEnvironment extends CheckEnvironment {
  close(): void;
}

/** What `crypto.getRandomValues` gives at once. */
const RANDOM_BYTES = 65_536;

export function createBrowserEnvironment(options: BrowserEnvironmentOptions): BrowserEnvironment {
  const { baseUrl, nodeOrigin, sessions, preview } = options;
  const node = new URL(baseUrl || location.href);
  let media: MediaStream | undefined;
  let closed = false;

  const mediaOf = (kind: 'audio' | 'video') =>
    new MediaStream((media?.getTracks() ?? []).filter((track) => track.kind === kind));

  async function ask<T extends z.ZodType>(
    path: string,
    answer: T,
    init: RequestInit,
  ): Promise<z.infer<T>> {
    const response = await fetch(`${baseUrl}${path}`, { cache: 'no-store', ...init });
    if (response.ok) return answer.parse(await response.json());
    const problem = Problem.safeParse(await response.json().catch(() => undefined));
    throw problem.success
      ? new ProtocolError(problem.data.code, problem.data.detail)
      : new ProtocolError('internal', `The node answered ${response.status} without a reason.`);
  }

  async function authorization(): Promise<Record<string, string>> {
    const token = await sessions.token();
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  return {
    sameComputer: isLoopback(nodeOrigin),

    async openDevices(signal) {
      const opened = preview
        ? { stream: enabledCopy(preview), problems: [] }
        : await acquireMedia({ video: true, audio: true });
      if (closed || signal.aborted) releaseMedia(opened.stream);
      else media = opened.stream;
      return {
        camera: opened.stream.getVideoTracks().length > 0,
        microphone: opened.stream.getAudioTracks().length > 0,
        problems: opened.problems.map(({ message }) => message),
      };
    },
    watchCamera: (frames, signal) => watchStream(mediaOf('video'), frames, signal),
    listen: (wanted, signal) => listenTo(mediaOf('audio'), wanted, signal),

    async ping(signal) {
      const startedAt = performance.now();
      await ask('/healthz', z.object({ status: z.literal('ok') }), { signal }).catch(unreachable);
      return performance.now() - startedAt;
    },
    async openSocket(signal) {
      const token = await sessions.token();
      const url = new URL('/ws', node);
      url.protocol = node.protocol === 'https:' ? 'wss:' : 'ws:';
      const socket = await SignallingSocket.connect(url.href);
      try {
        if (token === undefined || signal.aborted) return {};
        const startedAt = performance.now();
        await socket.request({ type: 'authenticate', token }, 'authenticated');
        return { answerMs: performance.now() - startedAt };
      } finally {
        socket.close();
      }
    },

    sendPictureToSelf,
    async iceServers(signal) {
      const answer = z.object({ iceServers: z.array(IceServer) });
      const init = { signal, headers: await authorization() };
      return (await ask('/api/signaling/ice-servers', answer, init)).iceServers;
    },
    gather: gatherCandidate,
    async upload(bytes, signal) {
      const headers = { ...(await authorization()), 'content-type': 'application/octet-stream' };
      const body = randomBlob(bytes);
      const startedAt = performance.now();
      await ask('/api/diagnostics/upload-probe', UploadProbeResult, {
        ...{ method: 'POST', headers, body, signal },
      });
      return performance.now() - startedAt;
    },

    close() {
      closed = true;
      releaseMedia(media);
    },
  };
}

/** What is switched off in the preview is on in the check; the preview itself is left as it is. */
function enabledCopy(preview: MediaStream): MediaStream {
  const copy = preview.clone();
  for (const track of copy.getTracks()) track.enabled = true;
  return copy;
}

/** Random, so that nothing on the way can make it smaller. */
function randomBlob(bytes: number): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let left = bytes; left > 0; left -= RANDOM_BYTES) {
    parts.push(crypto.getRandomValues(new Uint8Array(Math.min(left, RANDOM_BYTES))));
  }
  return new Blob(parts);
}

/** `fetch` rejects with a `TypeError` where there was no answer at all. */
function unreachable(error: unknown): never {
  if (!(error instanceof TypeError)) throw error;
  throw new ProtocolError(
    'internal',
    'The node does not answer. Check your own connection; if that is fine, ask the host whether the studio is running.',
  );
}
