import { Trash2 } from 'lucide-react';
import type { Role } from '../../protocol/rooms.ts';
import { Button } from '../ui/Button.tsx';
import { LinkedText } from '../ui/LinkedText.tsx';
import styles from './Chat.module.css';

export interface ChatMessageViewProps {
  name: string;
  text: string;
  /** When it was said, as it is shown. */
  time: string;
  own?: boolean;
  role?: Role;
  /** Leads to the time. */
  onTime?: () => void;
  /** Leads to a time that is written in the text. */
  onMoment?: (seconds: number) => void;
  onRemove?: () => void;
}

/** One message of a chat. */
export function ChatMessageView(props: ChatMessageViewProps) {
  const { name, text, time, own = false, role, onTime, onMoment, onRemove } = props;
  return (
    <li className={styles.message} data-own={own}>
      <p className={styles.about}>
        <strong>{name}</strong>
        {(role === 'host' || role === 'cohost') && (
          <span className={styles.role}>{role === 'host' ? 'Host' : 'Cohost'}</span>
        )}
        {onTime ? (
          <button type="button" className={styles.time} onClick={onTime}>
            {time}
          </button>
        ) : (
          <span className={styles.when}>{time}</span>
        )}
        {onRemove && (
          <Button
            variant="ghost"
            size="small"
            square
            className={styles.remove}
            aria-label={`Take away what ${name} said`}
            icon={<Trash2 size={14} aria-hidden="true" />}
            onClick={onRemove}
          />
        )}
      </p>
      <p className={styles.text}>
        <LinkedText text={text} {...(onMoment && { onMoment })} />
      </p>
    </li>
  );
}
