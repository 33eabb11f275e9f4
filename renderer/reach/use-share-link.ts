import { useCallback } from 'react';
import { useStudio } from '../app/studio-context.ts';
import { linkUnder } from './share-link.ts';
import { useReach } from './use-reach.ts';

/**
 * Makes a link of this studio's own node lead where guests reach it now, whenever it was made.
 * Links of other nodes, and all links in a guest's tab, stay as they are.
 */
export function useShareLink(): (link: string) => string {
  const { place } = useStudio();
  const { status } = useReach();
  const origin = place?.kind === 'own' ? status?.linkOrigin : undefined;
  return useCallback((link) => (origin === undefined ? link : linkUnder(link, origin)), [origin]);
}
