/** Tells when this machine came onto another network; answers how to stop listening. */
export type WatchNetwork = (changed: () => void) => () => void;

/** Network Information API, in Chromium alone. */
interface NetworkInformation extends EventTarget {
  /** e.g. `wifi`; absent on desktops. */
  readonly type?: string;
}

/**
 * The window's own signs: it was offline and is back, or goes by another kind of network.
 * `change` alone says little, as it also tells of every new estimate of the bandwidth.
 */
export const watchNetwork: WatchNetwork = (changed) => {
  const stopped = new AbortController();
  const { signal } = stopped;
  addEventListener('online', changed, { signal });
  const { connection } = navigator as Navigator & { connection?: NetworkInformation };
  let type = connection?.type;
  connection?.addEventListener(
    'change',
    () => {
      if (connection.type === type) return;
      type = connection.type;
      changed();
    },
    { signal },
  );
  return () => stopped.abort();
};
