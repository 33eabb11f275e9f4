import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { BridgeEnd } from '../bridge/bridge.ts';
import { StreamingProvider } from '../rooms/streaming-context.tsx';
import type { BootedStudio, Native } from './boot.ts';
import { createStudioRouter } from './router.tsx';
import { StudioAway } from './StudioAway.tsx';
import { StudioEnded } from './StudioEnded.tsx';
import { StudioProvider } from './StudioProvider.tsx';

/** The window once its studio is known. */
export function StudioWindow({ studio }: { studio: BootedStudio }) {
  const [router] = useState(() => createStudioRouter());
  const bridge = studio.native?.bridge;
  const [end, setEnd] = useState<BridgeEnd>();

  useEffect(() => bridge?.onClose(setEnd), [bridge]);
  useReloadForAnother(studio.native);

  if (end) return <StudioEnded end={end} />;
  return (
    <StudioProvider studio={studio}>
      <StreamingProvider
        api={studio.api}
        sessionKeeper={studio.sessions}
        signer={studio.signer}
        {...(bridge && { bridge })}
      >
        {bridge && <StudioAway bridge={bridge} />}
        <RouterProvider router={router} />
      </StreamingProvider>
    </StudioProvider>
  );
}

/**
 * A studio that was started anew may be another version, or answer at other addresses: this page
 * fits neither. Where all is as it was, the window simply goes on.
 */
function useReloadForAnother(native: Native | undefined) {
  useEffect(
    () =>
      native?.bridge.onRestart(() => {
        isAnother(native).then(
          (another) => another && location.reload(),
          (error) => console.warn('The studio was started again, and is gone once more.', error),
        );
      }),
    [native],
  );
}

async function isAnother({ bridge, info }: Native): Promise<boolean> {
  const { version, rendezvousUrl, place } = await bridge.call('studio.info', undefined);
  return (
    version !== info.version ||
    rendezvousUrl !== info.rendezvousUrl ||
    place.baseUrl !== info.place.baseUrl
  );
}
