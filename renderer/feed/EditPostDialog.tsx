import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import type { Post } from '../../protocol/posts.ts';
import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { explain } from '../ui/explain.ts';
import styles from '../ui/Form.module.css';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { TextArea, TextField } from '../ui/TextField.tsx';
import { draftOf, editRequest, type PostProblems } from './post-form.ts';

const FORM = 'edit-post';

export interface EditPostDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  post: Post;
  onChanged: () => Promise<void>;
}

/** Changes the words of one's own post. */
export function EditPostDialog({ open, onOpenChange, post, onChanged }: EditPostDialogProps) {
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Edit post"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" form={FORM} busy={busy}>
            Save post
          </Button>
        </>
      }
    >
      <EditPostForm
        post={post}
        onBusy={setBusy}
        onSaved={async () => {
          onOpenChange(false);
          toast('The post is saved.');
          await onChanged();
        }}
      />
    </Dialog>
  );
}

function EditPostForm(props: {
  post: Post;
  onBusy: (busy: boolean) => void;
  onSaved: () => Promise<void>;
}) {
  const { api } = useStudio();
  const { post, onBusy, onSaved } = props;
  const [draft, setDraft] = useState(() => draftOf(post));
  const [problems, setProblems] = useState<PostProblems>({});
  const [refusal, setRefusal] = useState<string>();
  const isStream = post.kind === 'stream';

  async function submit(event: FormEvent) {
    event.preventDefault();
    const checked = editRequest(post.kind, draft);
    setProblems(checked.ok ? {} : checked.problems);
    setRefusal(undefined);
    if (!checked.ok) return;
    onBusy(true);
    try {
      await api.updatePost(post.postId, checked.request);
      await onSaved();
    } catch (error) {
      setRefusal(explain(error).message);
    } finally {
      onBusy(false);
    }
  }

  return (
    <form id={FORM} className={styles.form} onSubmit={submit} noValidate>
      {isStream && (
        <TextField
          label="Title"
          maxLength={120}
          value={draft.title}
          problem={problems.title}
          onChange={(event) => setDraft({ ...draft, title: event.target.value })}
        />
      )}
      <TextArea
        label={isStream ? 'Description' : 'Text'}
        rows={isStream ? 3 : 6}
        value={draft.text}
        problem={problems.text}
        onChange={(event) => setDraft({ ...draft, text: event.target.value })}
      />
      {isStream && (
        <TextField
          label="Tags"
          value={draft.tags}
          problem={problems.tags}
          description="Single words, apart by spaces."
          onChange={(event) => setDraft({ ...draft, tags: event.target.value })}
        />
      )}
      {refusal && <InlineProblem message={refusal} />}
    </form>
  );
}
