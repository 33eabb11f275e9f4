import { Popover } from '@base-ui/react/popover';
import { MessageCircle } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { shortcutHint, useShortcut } from '../stage/use-shortcut.ts';
import { Button } from '../ui/Button.tsx';
import popoverStyles from '../ui/Popover.module.css';
import styles from './Chat.module.css';
import { ChatPanel } from './ChatPanel.tsx';

/** How much was said since one last looked, and on a click the chat itself. */
export function ChatButton() {
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState('');
  const lines = useStreamingState((state) => state.chat);
  const seen = useRef(0);
  useEffect(() => {
    if (open) seen.current = lines.length;
  }, [open, lines]);
  const unread = open ? 0 : Math.max(0, lines.length - seen.current);
  useShortcut(
    'j',
    useCallback(() => setOpen((shown) => !shown), []),
  );
  const title = `Chat (${shortcutHint('J')})`;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        render={<Button icon={<MessageCircle size={18} aria-hidden="true" />} title={title} />}
        aria-label={unread > 0 ? `Chat, ${unread} unread` : 'Chat'}
      >
        {unread > 0 && <span className={styles.badge}>{unread > 99 ? '99+' : unread}</span>}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner
          side="top"
          align="start"
          sideOffset={10}
          className={popoverStyles.positioner}
        >
          <Popover.Popup className={`${popoverStyles.popup} ${styles.popup}`}>
            <Popover.Title className={popoverStyles.title}>Chat</Popover.Title>
            <ChatPanel draft={draft} onDraft={setDraft} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
