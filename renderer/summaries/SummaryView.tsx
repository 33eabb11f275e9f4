import { Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import type { StreamSummary, SummaryBullet, SummaryOrigin } from '../../protocol/summaries.ts';
import { Button } from '../ui/Button.tsx';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { clockDuration } from '../ui/duration.ts';
import { explain } from '../ui/explain.ts';
import { TextArea } from '../ui/TextField.tsx';
import styles from './SummarySection.module.css';

const ORIGINS: Record<SummaryOrigin, string> = {
  model: 'Written by a language model from what was said.',
  extract: 'Sentences chosen from what was said, as the speech recogniser understood it.',
  chapters: 'Made from the chapters the host marked, without a transcript.',
};

export interface SummaryViewProps {
  summary: StreamSummary;
  onJump: (atMs: number) => void;
  /** For its host. */
  onEdit?: (bullets: SummaryBullet[]) => Promise<void>;
  onRemove?: () => Promise<void>;
}

/** The bullets of a summary; each leads to its time. */
export function SummaryView({ summary, onJump, onEdit, onRemove }: SummaryViewProps) {
  const [editing, setEditing] = useState(false);
  const [removing, setRemoving] = useState(false);
  if (editing && onEdit) {
    return <SummaryForm summary={summary} onEdit={onEdit} onDone={() => setEditing(false)} />;
  }
  return (
    <>
      <ul className={styles.bullets}>
        {summary.bullets.map((bullet) => (
          <li key={`${bullet.atMs} ${bullet.text}`}>
            <button type="button" className={styles.bullet} onClick={() => onJump(bullet.atMs)}>
              <span className={styles.time}>{clockDuration(bullet.atMs)}</span>
              <span>{bullet.text}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.origin}>
        {ORIGINS[summary.origin]}
        {summary.editedAt !== undefined && ' Edited by the host.'}
      </p>
      {onEdit && (
        <div className={styles.actions}>
          <Button icon={<Pencil size={18} aria-hidden="true" />} onClick={() => setEditing(true)}>
            Edit summary
          </Button>
          <Button icon={<Trash2 size={18} aria-hidden="true" />} onClick={() => setRemoving(true)}>
            Delete summary
          </Button>
          <ConfirmDialog
            open={removing}
            onOpenChange={setRemoving}
            title="Delete this summary?"
            description="The transcript and the captions that belong to it go as well."
            confirm="Delete summary"
            cancel="Keep it"
            onConfirm={async () => onRemove?.()}
          />
        </div>
      )}
    </>
  );
}

function SummaryForm(props: {
  summary: StreamSummary;
  onEdit: (bullets: SummaryBullet[]) => Promise<void>;
  onDone: () => void;
}) {
  const { summary, onEdit, onDone } = props;
  const [texts, setTexts] = useState(summary.bullets.map(({ text }) => text));
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const bullets = summary.bullets
      .map(({ atMs }, index) => ({ atMs, text: texts[index]?.trim() ?? '' }))
      .filter(({ text }) => text !== '');
    setBusy(true);
    try {
      await onEdit(bullets);
      onDone();
    } catch (error) {
      toast.error(explain(error).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      {summary.bullets.map(({ atMs, text }, index) => (
        <TextArea
          key={`${atMs} ${text}`}
          label={`At ${clockDuration(atMs)}`}
          rows={2}
          maxLength={500}
          value={texts[index] ?? ''}
          onChange={(event) =>
            setTexts(texts.map((old, at) => (at === index ? event.target.value : old)))
          }
        />
      ))}
      <p className={styles.origin}>What you leave empty is taken out.</p>
      <div className={styles.actions}>
        <Button onClick={onDone}>Cancel</Button>
        <Button
          variant="primary"
          type="submit"
          busy={busy}
          disabled={texts.every((text) => text.trim() === '')}
        >
          Save summary
        </Button>
      </div>
    </form>
  );
}
