import { useEffect } from 'react';

/** Names the page in the window's title, e.g. `Projects · Swarm Studio`. */
export function usePageTitle(title: string | undefined) {
  useEffect(() => {
    document.title = title ? `${title} · Swarm Studio` : 'Swarm Studio';
  }, [title]);
}
