import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { type Project, UpdateProjectRequest } from '../../protocol/projects.ts';
import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { explain } from '../ui/explain.ts';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { TextArea, TextField } from '../ui/TextField.tsx';
import styles from './CreateProjectDialog.module.css';
import { ProjectVisibilityCards } from './ProjectVisibilityCards.tsx';

const FORM = 'project-settings';

export interface ProjectSettingsDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  project: Project;
  onChanged: (project: Project) => void;
}

/** What a project is called, who sees it, and its end; for its owner. */
export function ProjectSettingsDialog(props: ProjectSettingsDialogProps) {
  const { open, onOpenChange, project, onChanged } = props;
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const { api } = useStudio();
  const navigate = useNavigate();

  async function remove() {
    await api.deleteProject(project.projectId);
    toast('The project is deleted.');
    await navigate({ to: '/projects' });
  }

  return (
    <>
      <Dialog
        open={open}
        onOpenChange={onOpenChange}
        title="Project settings"
        footer={
          <>
            <Button onClick={() => setDeleting(true)}>Delete project…</Button>
            <Button variant="primary" type="submit" form={FORM} busy={busy}>
              Save
            </Button>
          </>
        }
      >
        <SettingsForm
          project={project}
          onBusy={setBusy}
          onSaved={(saved) => {
            onChanged(saved);
            onOpenChange(false);
          }}
        />
      </Dialog>
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title="Delete this project?"
        description="Its page, its members and its invitations go for good. It must have no posts any more."
        confirm="Delete project"
        cancel="Keep it"
        onConfirm={remove}
      />
    </>
  );
}

function SettingsForm(props: {
  project: Project;
  onBusy: (busy: boolean) => void;
  onSaved: (project: Project) => void;
}) {
  const { project, onBusy, onSaved } = props;
  const { api } = useStudio();
  const [draft, setDraft] = useState({
    name: project.name,
    description: project.description,
    visibility: project.visibility,
  });
  const [problem, setProblem] = useState<string>();
  const [refusal, setRefusal] = useState<string>();

  async function submit(event: FormEvent) {
    event.preventDefault();
    const request = UpdateProjectRequest.safeParse(draft);
    setProblem(request.success ? undefined : 'Give the project a name.');
    setRefusal(undefined);
    if (!request.success) return;
    onBusy(true);
    try {
      onSaved((await api.updateProject(project.projectId, request.data)).project);
    } catch (error) {
      setRefusal(explain(error).message);
    } finally {
      onBusy(false);
    }
  }

  return (
    <form id={FORM} className={styles.form} onSubmit={submit} noValidate>
      <TextField
        label="Name"
        maxLength={80}
        value={draft.name}
        problem={problem}
        onChange={(event) => setDraft({ ...draft, name: event.target.value })}
      />
      <TextArea
        label="Description"
        rows={3}
        maxLength={500}
        value={draft.description}
        onChange={(event) => setDraft({ ...draft, description: event.target.value })}
      />
      <ProjectVisibilityCards
        value={draft.visibility}
        onChange={(visibility) => setDraft({ ...draft, visibility })}
      />
      {refusal && <InlineProblem message={refusal} />}
    </form>
  );
}
