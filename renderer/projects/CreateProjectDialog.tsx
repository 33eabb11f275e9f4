import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { CreateProjectRequest, type ProjectVisibility } from '../../protocol/projects.ts';
import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { explain } from '../ui/explain.ts';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { TextArea, TextField } from '../ui/TextField.tsx';
import styles from './CreateProjectDialog.module.css';
import { ProjectVisibilityCards } from './ProjectVisibilityCards.tsx';

const FORM = 'create-project';

export interface CreateProjectDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Starts a project and opens its page. */
export function CreateProjectDialog({ open, onOpenChange }: CreateProjectDialogProps) {
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New project"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" form={FORM} busy={busy}>
            Create project
          </Button>
        </>
      }
    >
      <ProjectForm onBusy={setBusy} onCreated={() => onOpenChange(false)} />
    </Dialog>
  );
}

function ProjectForm(props: { onBusy: (busy: boolean) => void; onCreated: () => void }) {
  const { api } = useStudio();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [visibility, setVisibility] = useState<ProjectVisibility>('public');
  const [nameProblem, setNameProblem] = useState<string>();
  const [refusal, setRefusal] = useState<string>();

  async function submit(event: FormEvent) {
    event.preventDefault();
    const request = CreateProjectRequest.safeParse({
      name,
      visibility,
      ...(description.trim() && { description }),
    });
    setNameProblem(request.success ? undefined : 'Give the project a name.');
    setRefusal(undefined);
    if (!request.success) return;
    props.onBusy(true);
    try {
      const { project } = await api.createProject(request.data);
      props.onCreated();
      await navigate({ to: '/p/$projectId', params: { projectId: project.projectId } });
    } catch (error) {
      setRefusal(explain(error).message);
    } finally {
      props.onBusy(false);
    }
  }

  return (
    <form id={FORM} className={styles.form} onSubmit={submit} noValidate>
      <TextField
        label="Name"
        maxLength={80}
        value={name}
        problem={nameProblem}
        onChange={(event) => setName(event.target.value)}
      />
      <TextArea
        label="Description"
        description="What it is about, in a sentence or two. You may leave it empty."
        rows={3}
        maxLength={500}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      <ProjectVisibilityCards value={visibility} onChange={setVisibility} />
      {refusal && <InlineProblem message={refusal} />}
    </form>
  );
}
