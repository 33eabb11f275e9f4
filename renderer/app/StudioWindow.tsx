import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { BridgeEnd } from '../bridge/bridge.ts';
import { FeedContext } from '../feed/feed-context.ts';
import { FeedLine } from '../feed/feed-line.ts';
import { FeedShelf } from '../feed/feed-shelf.ts';
import { SignallingClient } from '../rooms/signalling-client.ts';
import { StreamingProvider } from '../rooms/streaming-context.tsx';
import type { BootedStudio, Native } from './boot.ts';
import { createStudioRouter } from './router.tsx';
import { StudioEnded } from './StudioEnded.tsx';
import { StudioProvider } from './StudioProvider.tsx';

/** The window once its studio is known. */
export function StudioWindow({ studio }: { studio: BootedStudio }) {
  const [router] = useState(() => createStudioRouter());
  const [{ signalling, feeds }] = useState(() => connect(studio));
  const bridge = studio.native?.bridge;
  const [end, setEnd] = useState<BridgeEnd>();

  useEffect(() => bridge?.onClose(setEnd), [bridge]);
  useReloadForAnother(studio);

  if (end) return <StudioEnded end={end} />;
  return (
    <StudioProvider studio={studio}>
      <StreamingProvider
        api={studio.api}
        sessionKeeper={studio.sessions}
        signer={studio.signer}
        signalling={signalling}
        {...(bridge && { bridge })}
      >
        <FeedContext value={feeds}>
          <RouterProvider router={router} />
        </FeedContext>
      </StreamingProvider>
    </StudioProvider>
  );
}

/** One socket for the whole window: rooms and feeds share it. */
function connect({ api, sessions }: BootedStudio) {
  const signalling = new SignallingClient({ url: socketUrl(api.baseUrl), sessions });
  const signedIn = async () => (await sessions.token()) !== undefined;
  return {
    signalling,
    feeds: { line: new FeedLine(signalling, signedIn), shelf: new FeedShelf() },
  };
}

/** The node's `/ws`, for its own origin or the page's. */
function socketUrl(baseUrl: string): string {
  const url = new URL('/ws', baseUrl || location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

/**
 * A studio that was started anew may be another version, or have other ways to the node that this
 * window is on: this page fits neither. Where all is as it was, the window simply goes on.
 */
function useReloadForAnother({ native, place }: BootedStudio) {
  useEffect(
    () =>
      native?.bridge.onRestart(() => {
        isAnother(native, place).then(
          (another) => another && location.reload(),
          (error) => console.warn('The studio was started again, and is gone once more.', error),
        );
      }),
    [native, place],
  );
}

async function isAnother({ bridge, info }: Native, place: BootedStudio['place']): Promise<boolean> {
  const { version, nodeUrls } = await bridge.call('studio.info', undefined);
  return version !== info.version || !nodeUrls.includes(place?.baseUrl ?? info.rendezvousUrl);
}
