import { Popover } from '@base-ui/react/popover';
import { Users } from 'lucide-react';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { Button } from '../ui/Button.tsx';
import popoverStyles from '../ui/Popover.module.css';
import { Roster } from './Roster.tsx';

/** How many are in the room, and on a click who. */
export function PeopleButton() {
  const count = useStreamingState((state) => Object.keys(state.participants).length);
  return (
    <Popover.Root>
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
            <Roster />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
