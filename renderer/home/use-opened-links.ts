import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { toast } from 'sonner';
import { LINK_SCHEME, readRoomLink } from '../../protocol/node-link.ts';
import { useStudio } from '../app/studio-context.ts';
import { useOpenRoom } from './use-open-room.ts';

/** Follows the links that open the app while its window is there. */
export function useOpenedLinks(): void {
  const { bridge } = useStudio();
  const { history } = useRouter();
  const openRoom = useOpenRoom();
  useEffect(
    () =>
      bridge?.on('studio.openPath', ({ path }) => {
        const room = readRoomLink(`${LINK_SCHEME}:/${path}`);
        if (!room) history.push(path);
        else if (!openRoom(room)) {
          toast('The link leads to another node. Leave the room first, then open it again.');
        }
      }),
    [bridge, history, openRoom],
  );
}
