import { Radio, SendHorizontal } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { toast } from 'sonner';
import { PostText } from '../../protocol/posts.ts';
import { useStudio } from '../app/studio-context.ts';
import { useLaunch } from '../launch/launch-context.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { TextArea } from '../ui/TextField.tsx';
import styles from './Composer.module.css';
import { useDraft } from './use-draft.ts';

export interface ComposerProps {
  /** The project whose feed it writes to; without one, the member's own profile. */
  projectId?: string;
  onPosted: () => Promise<void>;
}

/** Where the owner of a feed writes a post or starts a live room. */
export function Composer({ projectId, onPosted }: ComposerProps) {
  const { api, member } = useStudio();
  const launch = useLaunch();
  const { text, kept, setText, clear } = useDraft(projectId ?? 'profile');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  if (!member) return null;
  // The main thing to do here is to go live, until something has been written.
  const written = text.trim() !== '';

  async function post() {
    const parsed = PostText.safeParse(text);
    if (!parsed.success) {
      setProblem(
        text.trim()
          ? 'A post may have 4000 characters at most, and no control characters.'
          : 'Write something first.',
      );
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      await api.createPost({
        text: parsed.data,
        context: projectId === undefined ? 'profile' : 'project',
        ...(projectId !== undefined && { projectId }),
      });
      clear();
      toast('Posted.');
      await onPosted();
    } catch (error) {
      setProblem(explain(error).message);
    } finally {
      setBusy(false);
    }
  }

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    void post();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void post();
  }

  return (
    <form className={styles.composer} onSubmit={onSubmit} aria-label="New post">
      <Avatar name={member.displayName} />
      <div className={styles.body}>
        <TextArea
          label="What's new?"
          labelHidden
          placeholder="What's new?"
          rows={2}
          value={text}
          problem={problem}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className={styles.actions}>
          <Button
            variant={written ? 'secondary' : 'primary'}
            icon={<Radio size={18} aria-hidden="true" />}
            disabled={!launch.offered}
            onClick={() => launch.open(projectId)}
          >
            Start live room
          </Button>
          <Button
            type="submit"
            variant={written ? 'primary' : 'secondary'}
            busy={busy}
            disabled={!written}
            icon={<SendHorizontal size={16} aria-hidden="true" />}
          >
            Post
          </Button>
        </div>
        {kept && (
          <p className={styles.why}>
            You began this earlier.{' '}
            <button type="button" className={styles.discard} onClick={clear}>
              Discard the draft
            </button>
          </p>
        )}
        {!launch.offered && launch.why && <p className={styles.why}>{launch.why}</p>}
      </div>
    </form>
  );
}
