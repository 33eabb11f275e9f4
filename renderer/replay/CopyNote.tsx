import { Copy } from 'lucide-react';
import { useStore } from 'zustand';
import { momentPath } from './moment-path.ts';
import type { Playback } from './playback.ts';
import styles from './ReplayPage.module.css';

export interface CopyNoteProps {
  playback: Playback;
  /** This page is of a node that has a copy. */
  isReplica: boolean;
  roomId: string;
  recordingId: string;
}

/** Says where the recording comes from while its host is away. */
export function CopyNote({ playback, isReplica, roomId, recordingId }: CopyNoteProps) {
  const copyOrigin = useStore(playback.state, (state) => state.copyOrigin);
  return (
    <p className={styles.copyNote} role="status">
      {isReplica && (
        <>
          <Copy size={16} aria-hidden="true" />
          <span>
            This is a copy that this node keeps, as its host signed it. Chat, summary and captions
            are on the host’s own node.
          </span>
        </>
      )}
      {copyOrigin !== undefined && (
        <>
          <Copy size={16} aria-hidden="true" />
          <span>
            The host’s studio is away: this comes from{' '}
            <a href={new URL(momentPath(roomId, recordingId, 0), copyOrigin).href}>
              a copy at {new URL(copyOrigin).host}
            </a>
            .
          </span>
        </>
      )}
    </p>
  );
}
