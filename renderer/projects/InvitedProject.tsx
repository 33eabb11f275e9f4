import { useNavigate } from '@tanstack/react-router';
import { toast } from 'sonner';
import type { Project } from '../../protocol/projects.ts';
import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import styles from './ProjectPage.module.css';

export interface InvitedProjectProps {
  project: Project & { invitedAs: 'steward' | 'member' };
  onAnswered: () => void;
}

/** A project that somebody is invited to by name. */
export function InvitedProject({ project, onAnswered }: InvitedProjectProps) {
  const { api } = useStudio();
  const navigate = useNavigate();
  const { projectId, name, owner, invitedAs } = project;

  async function accept() {
    try {
      await api.joinProject(projectId, undefined);
      await navigate({ to: '/p/$projectId', params: { projectId } });
    } catch (error) {
      toast.error(explain(error).message);
      onAnswered();
    }
  }

  async function decline() {
    try {
      await api.declineProject(projectId);
    } catch (error) {
      toast.error(explain(error).message);
    }
    onAnswered();
  }

  return (
    <div className={styles.invited}>
      <p>
        {owner.displayName} invites you to <strong>{name}</strong> as a {invitedAs}.
      </p>
      <Button variant="primary" onClick={accept}>
        Accept
      </Button>
      <Button onClick={decline}>Decline</Button>
    </div>
  );
}
