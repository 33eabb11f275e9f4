import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { toast } from 'sonner';
import { LINK_SCHEME, readPageLink } from '../../protocol/page-link.ts';
import { useStudio } from '../app/studio-context.ts';
import { useOpenPage } from './use-open-page.ts';

/** Follows the links that open the app while its window is there. */
export function useOpenedLinks(): void {
  const { bridge } = useStudio();
  const { history } = useRouter();
  const openPage = useOpenPage();
  useEffect(
    () =>
      bridge?.on('studio.openPath', ({ path }) => {
        const link = readPageLink(`${LINK_SCHEME}:/${path}`);
        if (!link) history.push(path);
        else if (!openPage(link)) {
          toast('The link leads to another node. Leave the room first, then open it again.');
        }
      }),
    [bridge, history, openPage],
  );
}
