import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { useStudio } from '../app/studio-context.ts';
import { clockDuration } from '../ui/duration.ts';
import { explain } from '../ui/explain.ts';
import { useLoad } from '../ui/use-load.ts';
import styles from './Chat.module.css';
import { ChatMessageView } from './ChatMessageView.tsx';

export interface KeptChatProps {
  video: RefObject<HTMLVideoElement | null>;
  recordingId: string;
  hostUserId: string;
}

/** What was said in the room while it was recorded, in step with the replay. */
export function KeptChat({ video, recordingId, hostUserId }: KeptChatProps) {
  const { api, member } = useStudio();
  const load = useCallback(
    async () => (await api.keptChat(recordingId)).messages,
    [api, recordingId],
  );
  const { state, set } = useLoad(load);
  const atMs = usePosition(video);
  const list = useRef<HTMLElement>(null);
  const messages = state.status === 'ready' ? state.value : [];
  const said = messages.filter((message) => message.atMs <= atMs);

  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows what is said.
  useEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [said.length]);

  function seek(seconds: number) {
    if (video.current) video.current.currentTime = seconds;
  }

  async function remove(messageId: string) {
    try {
      await api.forgetChat(recordingId, messageId);
      set(messages.filter((message) => message.messageId !== messageId));
    } catch (error) {
      toast.error(explain(error).message);
    }
  }

  if (messages.length === 0) return null;
  return (
    <section className={styles.section} aria-label="Chat">
      <h2 className={styles.heading}>Chat</h2>
      <section
        ref={list}
        className={styles.scroll}
        aria-label="Messages"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its content scrolls, and not by Tab.
        tabIndex={0}
      >
        <ol className={styles.lines}>
          {said.length === 0 && (
            <li className={styles.empty}>
              The first of {messages.length} messages comes at{' '}
              {clockDuration(messages[0]?.atMs ?? 0)}.
            </li>
          )}
          {said.map((message) => (
            <ChatMessageView
              key={message.messageId}
              name={message.author.displayName}
              text={message.text}
              time={clockDuration(message.atMs)}
              onTime={() => seek(message.atMs / 1000)}
              onMoment={seek}
              {...(member?.userId === hostUserId && { onRemove: () => remove(message.messageId) })}
            />
          ))}
        </ol>
      </section>
    </section>
  );
}

function usePosition(video: RefObject<HTMLVideoElement | null>): number {
  const [atMs, setAtMs] = useState(0);
  useEffect(() => {
    const player = video.current;
    if (!player) return;
    const look = () => setAtMs(player.currentTime * 1000 + 50);
    look();
    const events = ['timeupdate', 'seeking'] as const;
    for (const event of events) player.addEventListener(event, look);
    return () => {
      for (const event of events) player.removeEventListener(event, look);
    };
  }, [video]);
  return atMs;
}
