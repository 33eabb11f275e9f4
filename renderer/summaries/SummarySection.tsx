import { type RefObject, useCallback, useEffect } from 'react';
import { ProtocolError } from '../../protocol/errors.ts';
import type { StreamSummary } from '../../protocol/summaries.ts';
import { useStudio } from '../app/studio-context.ts';
import { useLoad } from '../ui/use-load.ts';
import { SummaryMaker } from './SummaryMaker.tsx';
import styles from './SummarySection.module.css';
import { SummaryView } from './SummaryView.tsx';
import { TranscriptView } from './TranscriptView.tsx';

export interface SummarySectionProps {
  video: RefObject<HTMLVideoElement | null>;
  roomId: string;
  recordingId: string;
  hostUserId: string;
  /** Told what is shown, and `undefined` where nothing is. */
  onSummary: (summary: StreamSummary | undefined) => void;
}

/** What was said in a recording; for its host the way to have it made, where there is none. */
export function SummarySection(props: SummarySectionProps) {
  const { video, roomId, recordingId, hostUserId, onSummary } = props;
  const { api, bridge, member } = useStudio();
  const load = useCallback(
    () => loadSummary(() => api.summary(roomId, recordingId)),
    [api, roomId, recordingId],
  );
  const { state, reload, set } = useLoad(load);
  const isHost = member?.userId === hostUserId;
  const summary = state.status === 'ready' ? state.value : undefined;
  useEffect(() => onSummary(summary), [summary, onSummary]);
  const maker = isHost && bridge && (
    <SummaryMaker {...{ bridge, recordingId }} has={summary !== undefined} onMade={reload} />
  );

  function jumpTo(atMs: number) {
    const player = video.current;
    if (player) player.currentTime = atMs / 1000;
  }

  async function remove() {
    await api.deleteSummary(roomId, recordingId);
    set(undefined);
  }

  if (state.status !== 'ready' || (!summary && !maker)) return null;
  return (
    <section className={styles.section} aria-label="Summary">
      <h2 className={styles.heading}>Summary</h2>
      {summary && (
        <SummaryView
          key={summary.summaryId}
          summary={summary}
          onJump={jumpTo}
          {...(isHost && {
            onRemove: remove,
            onEdit: async (bullets) => set(await api.updateSummary(roomId, recordingId, bullets)),
          })}
        />
      )}
      {maker}
      {summary?.hasTranscript && <TranscriptView recordingId={recordingId} onJump={jumpTo} />}
    </section>
  );
}

async function loadSummary(ask: () => Promise<StreamSummary>): Promise<StreamSummary | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'summary-not-found') return undefined;
    throw error;
  }
}
