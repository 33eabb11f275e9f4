import { Popover } from '@base-ui/react/popover';
import { Users } from 'lucide-react';
import { useState } from 'react';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { Button } from '../ui/Button.tsx';
import popoverStyles from '../ui/Popover.module.css';
import { InvitePanel } from './InvitePanel.tsx';
import { BannedList } from './moderation/BannedList.tsx';
import styles from './PeopleButton.module.css';
import { Roster } from './Roster.tsx';
import { useRoomDialog } from './room-dialog.ts';

/** How many are in the room, and on a click who. */
export function PeopleButton() {
  const asked = useRoomDialog() !== undefined;
  const [open, setOpen] = useState(false);
  const count = useStreamingState((state) => Object.keys(state.participants).length);
  return (
    // What is asked from in here covers the page: the list makes room for it.
    <Popover.Root open={open && !asked} onOpenChange={setOpen}>
      <Popover.Trigger
        render={<Button icon={<Users size={18} aria-hidden="true" />} />}
        aria-label={`People, ${count}`}
      >
        {count}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner
          side="top"
          align="start"
          sideOffset={10}
          className={popoverStyles.positioner}
        >
          <Popover.Popup className={popoverStyles.popup}>
            <Popover.Title className={popoverStyles.title}>In the room</Popover.Title>
            <div className={styles.people}>
              <Roster />
              <BannedList />
              <InvitePanel />
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
