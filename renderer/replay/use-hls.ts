import { type RefObject, useEffect, useState } from 'react';

export type PlayerState =
  | { status: 'loading' }
  | { status: 'ready' }
  | { status: 'failed'; message: string };

/**
 * Plays an HLS playlist in a video element through hls.js, loaded when first needed.
 * @param token for `Authorization` on the playlist, segments and key, asked for at each request.
 */
export function useHls(
  video: RefObject<HTMLVideoElement | null>,
  playlistUrl: string,
  token: () => Promise<string | undefined>,
  attempt: number,
): PlayerState {
  const [state, setState] = useState<PlayerState>({ status: 'loading' });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt loads it again.
  useEffect(() => {
    setState({ status: 'loading' });
    const stopped = new AbortController();
    play(video.current, playlistUrl, token, stopped.signal, setState).catch((error: unknown) => {
      console.error('The player could not be started.', error);
      if (!stopped.signal.aborted) setState({ status: 'failed', message: PLAYER_MISSING });
    });
    return () => stopped.abort();
  }, [video, playlistUrl, token, attempt]);

  return state;
}

const PLAYER_MISSING = 'The player could not be loaded. Check the connection and try again.';
const UNSUPPORTED =
  'This browser can not play the replay. Open the page in a current Chrome, Edge, Firefox or Safari.';

async function play(
  video: HTMLVideoElement | null,
  playlistUrl: string,
  token: () => Promise<string | undefined>,
  signal: AbortSignal,
  tell: (state: PlayerState) => void,
) {
  const { default: Hls } = await import('hls.js/light');
  if (signal.aborted || !video) return;
  if (!Hls.isSupported()) return tell({ status: 'failed', message: UNSUPPORTED });
  // Segments are fMP4 already: there is nothing to transmux that would be worth a worker.
  const hls = new Hls({
    enableWorker: false,
    async xhrSetup(xhr, url) {
      const bearer = await token();
      xhr.open('GET', url, true);
      if (bearer !== undefined) xhr.setRequestHeader('authorization', `Bearer ${bearer}`);
    },
  });
  signal.addEventListener('abort', () => hls.destroy());
  hls.on(Hls.Events.MANIFEST_PARSED, () => tell({ status: 'ready' }));
  hls.on(Hls.Events.ERROR, (_event, data) => {
    if (!data.fatal) return;
    console.error('The replay stopped.', data);
    tell({ status: 'failed', message: playbackProblem(data.response?.code) });
    hls.destroy();
  });
  hls.loadSource(playlistUrl);
  hls.attachMedia(video);
}

function playbackProblem(httpStatus: number | undefined): string {
  switch (httpStatus) {
    case 401:
    case 403:
      return 'This replay is only for people who were let into its room.';
    case 404:
    case 410:
      return 'The replay is not kept any more.';
    default:
      return 'The replay could not be loaded. Check that the host’s studio is running, then try again.';
  }
}
