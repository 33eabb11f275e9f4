import { useCallback } from 'react';
import { toast } from 'sonner';
import type { Project, ProjectMember, ProjectRole } from '../../protocol/projects.ts';
import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { explain } from '../ui/explain.ts';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { useLoad } from '../ui/use-load.ts';
import { MemberRow } from './MemberRow.tsx';
import styles from './MembersDialog.module.css';
import { ProjectInvitations } from './ProjectInvitations.tsx';

export interface MembersDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  project: Project;
  onChanged: () => void;
}

/** Who is what in a project, and how others get in. */
export function MembersDialog({ open, onOpenChange, project, onChanged }: MembersDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Members of ${project.name}`}
      description="Members post and go live here. Stewards also let people in and look after rooms; the owner decides over everything."
      footer={<Button onClick={() => onOpenChange(false)}>Done</Button>}
    >
      <Members project={project} onChanged={onChanged} />
    </Dialog>
  );
}

function Members({ project, onChanged }: { project: Project; onChanged: () => void }) {
  const { api } = useStudio();
  const { projectId, role } = project;
  const load = useCallback(
    async () => (await api.projectMembers(projectId)).members,
    [api, projectId],
  );
  const { state, reload, set } = useLoad(load);

  async function act(work: () => Promise<void>) {
    try {
      await work();
      onChanged();
    } catch (error) {
      toast.error(explain(error).message);
    }
  }
  const setRole = (member: ProjectMember, next: ProjectRole) =>
    act(async () => set((await api.setProjectRole(projectId, member.userId, next)).members));
  const remove = (member: ProjectMember) =>
    act(async () => {
      await api.removeProjectMember(projectId, member.userId);
      reload();
    });

  return (
    <div className={styles.sections}>
      {state.status === 'loading' && <Skeleton height="96px" radius="10px" />}
      {state.status === 'failed' && <InlineProblem message={state.problem.message} />}
      {state.status === 'ready' && (
        <ul className={styles.list} aria-label="Members">
          {state.value.map((member) => (
            <MemberRow key={member.userId} {...{ member, project, setRole, remove }} />
          ))}
        </ul>
      )}
      {(role === 'owner' || role === 'steward') && <ProjectInvitations project={project} />}
    </div>
  );
}
