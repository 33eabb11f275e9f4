import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { RecordingStatus } from '../../protocol/recordings.ts';
import type { StreamSummary } from '../../protocol/summaries.ts';
import { useStudio } from '../app/studio-context.ts';
import { KeptChat } from '../chat/KeptChat.tsx';
import { SummarySection } from '../summaries/SummarySection.tsx';
import { ChapterList } from './ChapterList.tsx';
import { CopyMomentButton } from './CopyMomentButton.tsx';
import { CopyNote } from './CopyNote.tsx';
import { DownloadButton } from './DownloadButton.tsx';
import { folderUrl, NodeFiles } from './node-files.ts';
import type { PlaybackSource } from './playback.ts';
import { Player } from './player/Player.tsx';
import { RecordingTracks } from './player/RecordingTracks.tsx';
import styles from './ReplayPage.module.css';
import { ResumeNote } from './ResumeNote.tsx';
import { SharingMenu } from './SharingMenu.tsx';
import { useAutoplay } from './use-autoplay.tsx';
import { usePlayback } from './use-playback.ts';
import { useWatchedPosition } from './use-watched-position.ts';

export interface RecordingViewProps {
  roomId: string;
  status: RecordingStatus;
  title: string;
  hostUserId: string;
  /** Where to begin, in seconds; by default where one left off. */
  startS?: number | undefined;
  /** Over the picture. */
  notice?: ReactNode;
  /** What it is of, and what can be done with it. */
  children: ReactNode;
}

/** A recording with its player, while it is made and afterwards; the player stays the same. */
export function RecordingView(props: RecordingViewProps) {
  const { roomId, status, title, hostUserId, notice, children } = props;
  const { api, sessions } = useStudio();
  const video = useRef<HTMLVideoElement>(null);
  const [attempt, setAttempt] = useState(0);
  const { recordingId, playlistUrl, visibility, isReplica = false } = status;
  const [beganLive] = useState(status.state === 'recording');
  const position = useWatchedPosition(video, beganLive ? undefined : recordingId);
  const startS = props.startS ?? position.resumeS;
  const source: PlaybackSource = {
    ...{ baseUrl: api.baseUrl, playlistUrl, recordingId, roomId, hostUserId },
    isLive: beganLive,
    // Others ask for a session, which this page has with one node alone.
    copies: visibility === 'public' ? (status.replicas ?? []) : [],
  };
  const playback = usePlayback(video, source, { attempt, startS, isReplica });
  const muted = useAutoplay(video, playback, beganLive);
  const chapters = status.chapters ?? [];
  const isReady = status.state === 'ready';
  /** Its host's node has more than the signed files. */
  const hasAll = isReady && !isReplica;
  const [summary, setSummary] = useState<StreamSummary>();
  const files = useMemo(() => {
    if (!hasAll) return undefined;
    return new NodeFiles(folderUrl(api.baseUrl, playlistUrl), () => sessions.token());
  }, [hasAll, api, sessions, playlistUrl]);
  const isTimed = props.startS !== undefined;
  useEffect(() => {
    if (isTimed) video.current?.focus({ preventScroll: true });
  }, [isTimed]);

  return (
    <div className={styles.page}>
      <div className={styles.main}>
        <Player
          {...{ video, playback, title, chapters }}
          durationMs={status.durationMs}
          tracks={<RecordingTracks {...{ video, files, summary }} />}
          onRetry={() => setAttempt((n) => n + 1)}
          notice={
            <>
              {muted.note}
              {!isTimed && <ResumeNote video={video} resumedS={position.resumeS} />}
              {notice}
            </>
          }
        />
        <div className={styles.tools}>
          {isReady && status.downloadable && <DownloadButton recordingId={recordingId} />}
          <CopyMomentButton {...{ video, roomId, recordingId }} />
          {playback && !isReplica && <SharingMenu playback={playback} visibility={visibility} />}
        </div>
        {playback && <CopyNote {...{ playback, isReplica, roomId, recordingId }} />}
        {children}
      </div>
      <div className={styles.side}>
        {chapters.length > 0 && <ChapterList video={video} chapters={chapters} />}
        {hasAll && <KeptChat {...{ video, recordingId, hostUserId }} />}
      </div>
      <div className={styles.below}>
        {hasAll && (
          <SummarySection {...{ video, roomId, recordingId, hostUserId }} onSummary={setSummary} />
        )}
      </div>
    </div>
  );
}
