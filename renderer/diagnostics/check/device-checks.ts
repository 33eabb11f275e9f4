import { type ConnectionCheck, failed, fine, skipped, warning } from './connection-check.ts';

/** Pictures that prove a camera that moves; a driver that hangs may still deliver its first one. */
const FRAMES = 5;

/** Root mean square under which nobody would understand a word; the preview's lowest bar, too. */
const AUDIBLE = 0.006;

const LISTEN_MS = 3000;

export const deviceChecks: readonly ConnectionCheck[] = [
  {
    id: 'devices',
    title: 'Camera and microphone',
    // The browser may ask the person first.
    limitMs: 30_000,
    late: warning(
      'The browser still waits for an answer. Look for its question beside the address, answer it, then check again.',
    ),
    async run(environment, _known, signal) {
      const { camera, microphone, problems } = await environment.openDevices(signal);
      const learned = { camera, microphone };
      if (problems.length > 0) return { ...warning(problems.join(' ')), learned };
      return { ...fine('Both are there, and this page may use them.'), learned };
    },
  },
  {
    id: 'picture',
    title: 'Moving picture',
    limitMs: 6000,
    late: failed(
      'The camera is open but sends no picture. Close other programs that use it, or choose another camera, then check again.',
    ),
    async run(environment, { camera }, signal) {
      if (!camera) return skipped('There is no camera to look at.');
      await environment.watchCamera(FRAMES, signal);
      return fine('The camera sends pictures.');
    },
  },
  {
    id: 'sound',
    title: 'Microphone level',
    limitMs: LISTEN_MS + 3000,
    late: warning(
      'The browser does not let this page listen to the microphone. Reload the page, then check again.',
    ),
    async run(environment, { microphone }, signal) {
      if (!microphone) return skipped('There is no microphone to listen to.');
      const level = await environment.listen({ ms: LISTEN_MS, enough: AUDIBLE }, signal);
      if (level >= AUDIBLE) return fine('Sound comes from the microphone.');
      return level === 0
        ? warning(
            'The microphone sends pure silence. It may be muted by a switch on it or in the system’s settings.',
          )
        : warning(
            'The microphone is very quiet. Say something while it is checked; if you did, turn it up in the system’s settings.',
          );
    },
  },
];
