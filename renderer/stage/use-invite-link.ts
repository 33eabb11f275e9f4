import { useCallback } from 'react';
import { toast } from 'sonner';
import { useStudio } from '../app/studio-context.ts';
import { useShareLink } from '../reach/use-share-link.ts';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { copyText } from '../ui/copy-text.ts';
import { explain } from '../ui/explain.ts';
import { inviteLink } from './room-people.ts';

/** The link that brings others into the room, where this person has one, and how to copy it. */
export function useInviteLink() {
  const { place } = useStudio();
  const origin = place?.origin ?? window.location.origin;
  const share = useShareLink();
  const made = useStreamingState((state) => inviteLink(state, origin));
  const link = made === undefined ? undefined : share(made);
  const copy = useCallback(async () => {
    if (link === undefined) return;
    try {
      await copyText(link);
      toast('Invite link copied. Send it to whomever you want in the room.');
    } catch (error) {
      toast.error(explain(error).message);
    }
  }, [link]);
  return { link, copy };
}
