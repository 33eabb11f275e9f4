import { useCallback, useState } from 'react';
import { useStudio } from '../app/studio-context.ts';
import { clockDuration } from '../ui/duration.ts';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useLoad } from '../ui/use-load.ts';
import styles from './SummarySection.module.css';

/** Lines that are drawn at a time; a search finds the others. */
const SHOWN = 300;

export interface TranscriptViewProps {
  recordingId: string;
  onJump: (atMs: number) => void;
}

/** All that was said, to be searched and jumped to. */
export function TranscriptView({ recordingId, onJump }: TranscriptViewProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className={styles.transcript} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Transcript</summary>
      {open && <Lines {...{ recordingId, onJump }} />}
    </details>
  );
}

function Lines({ recordingId, onJump }: TranscriptViewProps) {
  const { api } = useStudio();
  const { state } = useLoad(useCallback(() => api.transcript(recordingId), [api, recordingId]));
  const [search, setSearch] = useState('');
  if (state.status === 'loading') return <Skeleton height="120px" radius="10px" />;
  if (state.status === 'failed') return <InlineProblem message={state.problem.message} />;
  const words = search.trim().toLowerCase();
  const found = state.value.cues.filter(({ text }) => text.toLowerCase().includes(words));
  return (
    <>
      <TextField
        label="Search the transcript"
        labelHidden
        type="search"
        placeholder="Search what was said"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <ol className={styles.lines} aria-label="Transcript">
        {found.slice(0, SHOWN).map((cue) => (
          <li key={cue.startMs}>
            <button type="button" className={styles.bullet} onClick={() => onJump(cue.startMs)}>
              <span className={styles.time}>{clockDuration(cue.startMs)}</span>
              <span>{cue.text}</span>
            </button>
          </li>
        ))}
      </ol>
      {found.length === 0 && <p className={styles.origin}>Nobody said that.</p>}
      {found.length > SHOWN && (
        <p className={styles.origin}>{found.length - SHOWN} more lines: search for words.</p>
      )}
    </>
  );
}
