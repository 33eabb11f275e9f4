import { RouterProvider } from '@tanstack/react-router';
import { Power } from 'lucide-react';
import { useEffect, useState } from 'react';
import { StreamingProvider } from '../rooms/streaming-context.tsx';
import { Notice } from '../ui/Notice.tsx';
import type { BootedStudio } from './boot.ts';
import styles from './FullScreen.module.css';
import { createStudioRouter } from './router.tsx';
import { StudioProvider } from './StudioProvider.tsx';

/** The window once its studio is known. */
export function StudioWindow({ studio }: { studio: BootedStudio }) {
  const [router] = useState(() => createStudioRouter());
  const bridge = studio.native?.bridge;
  const [stopped, setStopped] = useState(false);

  useEffect(() => bridge?.onClose(() => setStopped(true)), [bridge]);

  if (stopped) return <StudioStopped />;
  return (
    <StudioProvider studio={studio}>
      <StreamingProvider
        api={studio.api}
        sessionKeeper={studio.sessions}
        signer={studio.signer}
        {...(bridge && { bridge })}
      >
        <RouterProvider router={router} />
      </StreamingProvider>
    </StudioProvider>
  );
}

function StudioStopped() {
  return (
    <main className={styles.screen}>
      <Notice icon={<Power />} title="The studio has stopped" page alert>
        <p>
          Whatever was being recorded is kept: if it is not in the feed yet, the next start finishes
          it. Start the studio again with <code>npm start</code>, then open the address it prints.
        </p>
      </Notice>
    </main>
  );
}
