import { Link2 } from 'lucide-react';
import type { RefObject } from 'react';
import { toast } from 'sonner';
import { useStudio } from '../app/studio-context.ts';
import { useShareLink } from '../reach/use-share-link.ts';
import { Button } from '../ui/Button.tsx';
import { copyText } from '../ui/copy-text.ts';
import { clockDuration } from '../ui/duration.ts';
import { explain } from '../ui/explain.ts';
import { momentPath } from './moment-path.ts';

export interface CopyMomentButtonProps {
  video: RefObject<HTMLVideoElement | null>;
  roomId: string;
  recordingId: string;
}

/** Copies a link that opens the recording where it stands now. */
export function CopyMomentButton({ video, roomId, recordingId }: CopyMomentButtonProps) {
  const { place } = useStudio();
  const share = useShareLink();

  async function copy() {
    const atS = Math.floor(video.current?.currentTime ?? 0);
    const origin = place?.origin ?? location.origin;
    try {
      await copyText(share(new URL(momentPath(roomId, recordingId, atS), origin).href));
      toast(`The link to ${clockDuration(atS * 1000)} is copied.`);
    } catch (error) {
      toast.error(explain(error).message);
    }
  }

  return (
    <Button icon={<Link2 size={18} aria-hidden="true" />} onClick={copy}>
      Copy link to this moment
    </Button>
  );
}
