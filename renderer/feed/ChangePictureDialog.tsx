import { useState } from 'react';
import { toast } from 'sonner';
import type { StreamPost, UpdatePostRequest } from '../../protocol/posts.ts';
import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { explain } from '../ui/explain.ts';
import formStyles from '../ui/Form.module.css';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { PictureField } from './PictureField.tsx';
import { usePicture } from './use-picture.ts';

export interface ChangePictureDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  post: StreamPost;
  onChanged: () => Promise<void>;
}

/** Gives one's own stream post a picture of one's own, or the automatic one again. */
export function ChangePictureDialog({
  open,
  onOpenChange,
  post,
  onChanged,
}: ChangePictureDialogProps) {
  const { api } = useStudio();
  const [file, setFile] = useState<File>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState<'saving' | 'going-back'>();
  const currentUrl = usePicture(open ? post.thumbnailId : undefined);

  function close() {
    setFile(undefined);
    setProblem(undefined);
    onOpenChange(false);
  }

  async function run(doing: 'saving' | 'going-back', request: () => Promise<UpdatePostRequest>) {
    setBusy(doing);
    setProblem(undefined);
    try {
      await api.updatePost(post.postId, await request());
      close();
      toast(doing === 'saving' ? 'The picture is changed.' : 'The automatic picture is back.');
      await onChanged();
    } catch (error) {
      setProblem(explain(error).message);
    } finally {
      setBusy(undefined);
    }
  }

  const uploaded = async (picture: File) => ({
    thumbnailId: (await api.uploadPicture(picture)).assetId,
  });

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
      title="Change picture"
      description="Shown on the post’s card. What is beyond 16:9 is cut off at its edges."
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            variant="primary"
            busy={busy === 'saving'}
            disabled={!file || busy !== undefined}
            onClick={file && (() => run('saving', () => uploaded(file)))}
          >
            Save picture
          </Button>
        </>
      }
    >
      <div className={formStyles.form}>
        <PictureField
          file={file}
          currentUrl={currentUrl}
          onChoose={(chosen, why) => {
            setFile(chosen);
            setProblem(why);
          }}
        />
        {post.thumbnailOrigin === 'own' && (
          <Button
            variant="ghost"
            busy={busy === 'going-back'}
            disabled={busy !== undefined}
            onClick={() => run('going-back', async () => ({ thumbnailId: null }))}
          >
            Back to the automatic one
          </Button>
        )}
        {problem && <InlineProblem message={problem} />}
      </div>
    </Dialog>
  );
}
