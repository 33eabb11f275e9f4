import { useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import { type PageLink, routeOfPage } from '../../protocol/page-link.ts';
import { useStudio } from '../app/studio-context.ts';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { forgetVisit } from './visit.ts';

/**
 * Opens what a link leads to: here, or on another node, for which the window loads anew. Answers
 * `false`, and does nothing, where that would cut off the room one is in.
 */
export function useOpenPage(): (link: PageLink) => boolean {
  const { place } = useStudio();
  const { history } = useRouter();
  const inRoom = useInRoom();
  return useCallback(
    (link) => {
      const { origin, path } = link;
      const here = origin === undefined ? place?.kind !== 'visit' : origin === place?.origin;
      if (here) history.push(path);
      if (here || inRoom) return here;
      if (origin === undefined) forgetVisit();
      location.assign(routeOfPage(link));
      return true;
    },
    [place, history, inRoom],
  );
}

/** Whether loading the window anew would cut something off. */
export function useInRoom(): boolean {
  return useStreamingState(({ phase }) => phase !== 'outside' && phase !== 'ended');
}
