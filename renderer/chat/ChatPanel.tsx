import { Send } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { MAX_CHAT_CHARACTERS } from '../../protocol/chat.ts';
import { selfModerates } from '../rooms/moderator-rights.ts';
import { useStreamingActions, useStreamingState } from '../rooms/streaming-context.tsx';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { SwitchField } from '../ui/SwitchField.tsx';
import { TextArea } from '../ui/TextField.tsx';
import styles from './Chat.module.css';
import { ChatMessageView } from './ChatMessageView.tsx';

export interface ChatPanelProps {
  /** What is being written; kept while the panel is closed. */
  draft: string;
  onDraft: (draft: string) => void;
}

/** What was said in the room, and the field to say something. */
export function ChatPanel({ draft, onDraft }: ChatPanelProps) {
  const { say, unsay, setKeepsChat } = useStreamingActions();
  const lines = useStreamingState((state) => state.chat);
  const room = useStreamingState((state) => state.room);
  const isHost = useStreamingState((state) => state.self?.role === 'host');
  const moderates = useStreamingState(selfModerates);
  const selfId = useStreamingState(
    ({ self, participants }) => self && participants[self.peerId]?.userId,
  );
  const { list, behind, toEnd } = useEndOf(lines.length);

  async function send() {
    const text = draft;
    if (text.trim() === '') return;
    onDraft('');
    try {
      await say(text);
      toEnd();
    } catch (error) {
      onDraft(text);
      toast.error(explain(error).message);
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    void send();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  }

  async function remove(messageId: string) {
    try {
      await unsay(messageId);
    } catch (error) {
      toast.error(explain(error).message);
    }
  }

  return (
    <div className={styles.panel}>
      {isHost ? (
        <SwitchField
          label="Keep the chat with the recording"
          description="Everybody here is told. It is shown beside the replay."
          checked={room?.keepsChat ?? false}
          onChange={(keeps) =>
            setKeepsChat(keeps).catch((error: unknown) => toast.error(explain(error).message))
          }
        />
      ) : (
        room?.keepsChat && (
          <p className={styles.kept}>The host keeps this chat with the recording.</p>
        )
      )}
      <div
        ref={list}
        className={styles.scroll}
        role="log"
        aria-label="Messages"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its content scrolls, and not by Tab.
        tabIndex={0}
      >
        <ol className={styles.lines}>
          {lines.length === 0 && (
            <li className={styles.empty}>
              Nobody has said anything yet. Everybody here will read what you write.
            </li>
          )}
          {lines.map((line) => (
            <ChatMessageView
              key={line.messageId}
              name={line.author.displayName}
              text={line.text}
              time={new Date(line.at).toLocaleTimeString([], { timeStyle: 'short' })}
              own={line.author.userId === selfId}
              role={line.role}
              {...((moderates || line.author.userId === selfId) && {
                onRemove: () => remove(line.messageId),
              })}
            />
          ))}
        </ol>
      </div>
      {behind && (
        <Button size="small" onClick={toEnd}>
          New messages
        </Button>
      )}
      <form className={styles.form} onSubmit={submit}>
        <TextArea
          label="Message"
          labelHidden
          placeholder="Say something to everybody"
          rows={2}
          maxLength={MAX_CHAT_CHARACTERS}
          value={draft}
          onChange={(event) => onDraft(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <Button
          variant="primary"
          type="submit"
          square
          aria-label="Send"
          disabled={draft.trim() === ''}
          icon={<Send size={18} aria-hidden="true" />}
        />
      </form>
    </div>
  );
}

/** Stays at the end of a list that grows, unless somebody has scrolled up. */
function useEndOf(length: number) {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [behind, setBehind] = useState(false);

  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const look = () => {
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
      if (atEnd.current) setBehind(false);
    };
    element.addEventListener('scroll', look);
    return () => element.removeEventListener('scroll', look);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows what is added.
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    if (atEnd.current) element.scrollTop = element.scrollHeight;
    else setBehind(true);
  }, [length]);

  function toEnd() {
    atEnd.current = true;
    setBehind(false);
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }
  return { list, behind, toEnd };
}
