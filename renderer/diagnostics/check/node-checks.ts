import { type ConnectionCheck, failed, fine, warning } from './connection-check.ts';

/** The quickest of a few: the first pays for name lookup, TCP and TLS. */
const PINGS = 3;

/** A round trip after which a press of a button is felt to lag (ITU-T G.114: 400 ms are too much). */
const SLUGGISH_MS = 400;

export const nodeChecks: readonly ConnectionCheck[] = [
  {
    id: 'node',
    title: 'The studio’s node',
    limitMs: 8000,
    late: failed(
      'The node does not answer. Check your own connection; if that is fine, ask the host whether the studio is running.',
    ),
    async run(environment, _known, signal) {
      let roundTripMs = Number.POSITIVE_INFINITY;
      for (let ping = 0; ping < PINGS; ping++) {
        roundTripMs = Math.min(roundTripMs, await environment.ping(signal));
      }
      const learned = { roundTripMs };
      const answer = `It answers in ${milliseconds(roundTripMs)}`;
      if (roundTripMs < SLUGGISH_MS) return { ...fine(`${answer}.`), learned };
      return {
        ...warning(`${answer}, so that buttons react late. Try a network with less delay.`),
        learned,
      };
    },
  },
  {
    id: 'socket',
    title: 'Signalling',
    limitMs: 8000,
    late: failed(
      'The way for live messages (WebSocket) does not open. A firewall or proxy may block it: try another network, or ask whoever runs this one to let WebSockets through.',
    ),
    async run(environment, _known, signal) {
      const { answerMs } = await environment.openSocket(signal);
      if (answerMs === undefined) return fine('It opens. Who you are is told when you join.');
      return fine(`It opens, and knew you after ${milliseconds(answerMs)}.`);
    },
  },
];

/** e.g. `3 ms`; less than one is told as one. */
function milliseconds(ms: number): string {
  return `${Math.max(1, Math.round(ms))} ms`;
}
