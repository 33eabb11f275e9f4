import { BookmarkPlus } from 'lucide-react';
import { useCallback } from 'react';
import { toast } from 'sonner';
import { useStreamingActions } from '../../rooms/streaming-context.tsx';
import { clockDuration } from '../../ui/duration.ts';
import { explain } from '../../ui/explain.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { openRoomDialog } from '../room-dialog.ts';
import { shortcutHint, useShortcut } from '../use-shortcut.ts';

/** Long enough to decide on a name. */
const SHOWN_MS = 8_000;

/** Marks this moment of the recording: at once, a name can be given afterwards. */
export function MarkerButton() {
  const { addMarker } = useStreamingActions();
  const mark = useCallback(async () => {
    try {
      const marker = await addMarker();
      toast(`Marker ${marker.number} at ${clockDuration(marker.atMs)}`, {
        duration: SHOWN_MS,
        action: {
          label: 'Name it',
          onClick: () => openRoomDialog({ kind: 'name-marker', marker }),
        },
      });
    } catch (error) {
      toast.error(explain(error).message);
    }
  }, [addMarker]);
  useShortcut('b', mark, { whileTyping: false });
  return (
    <IconButton
      label="Add a marker"
      shortcut={shortcutHint('B')}
      aria-keyshortcuts="Control+B Meta+B"
      icon={<BookmarkPlus size={20} />}
      onClick={mark}
    />
  );
}
