import { Link } from '@tanstack/react-router';
import { CloudOff, Ticket, UserRoundPlus } from 'lucide-react';
import { useCallback, useState } from 'react';
import { toast } from 'sonner';
import { useStudio } from '../app/studio-context.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Notice } from '../ui/Notice.tsx';
import pageStyles from '../ui/Page.module.css';
import { Skeleton } from '../ui/Skeleton.tsx';
import { useLoad } from '../ui/use-load.ts';

const TITLES: Record<string, string> = {
  'invite-invalid': 'The invitation does not work',
  'invite-expired': 'The invitation has expired',
  'invite-revoked': 'The invitation was taken back',
  'invite-used': 'The invitation has been used',
};

export interface ProjectInvitePageProps {
  projectId: string;
  token: string;
  onJoined: () => void;
}

/** The door of a project, for a member with a link into it. */
export function ProjectInvitePage({ projectId, token, onJoined }: ProjectInvitePageProps) {
  const { api } = useStudio();
  const load = useCallback(async () => {
    const { project } = await api.invitedProject(projectId, token);
    if (project.role) onJoined();
    return project;
  }, [api, projectId, token, onJoined]);
  const { state, reload } = useLoad(load);
  const [busy, setBusy] = useState(false);

  if (state.status === 'loading') {
    return (
      <div className={pageStyles.page} role="status">
        <span className="visually-hidden">Looking at the invitation</span>
        <Skeleton height="204px" radius="16px" />
      </div>
    );
  }
  if (state.status === 'failed') {
    const title = TITLES[state.problem.code];
    return (
      <Notice
        icon={title ? <Ticket /> : <CloudOff />}
        title={title ?? 'The invitation could not be looked at'}
        actions={
          <>
            {!title && <Button onClick={reload}>Try again</Button>}
            <Link to="/projects" className={buttonClass({})}>
              All projects
            </Link>
          </>
        }
        page
        alert
      >
        {state.problem.message}
      </Notice>
    );
  }
  const project = state.value;

  async function join() {
    setBusy(true);
    try {
      await api.joinProject(projectId, token);
      toast(`You are a member of ${project.name} now.`);
      onJoined();
    } catch (error) {
      toast.error(explain(error).message);
      reload();
    } finally {
      setBusy(false);
    }
  }

  return (
    <Notice
      icon={<UserRoundPlus />}
      title={`Join ${project.name}?`}
      actions={
        <Button variant="primary" busy={busy} onClick={join}>
          Join the project
        </Button>
      }
      page
    >
      {project.owner.displayName} lets you in. Members post and go live on the project’s page.
    </Notice>
  );
}
