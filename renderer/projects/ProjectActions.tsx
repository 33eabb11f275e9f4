import { LogOut, Settings, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { Project } from '../../protocol/projects.ts';
import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { MembersDialog } from './MembersDialog.tsx';
import styles from './ProjectPage.module.css';
import { ProjectSettingsDialog } from './ProjectSettingsDialog.tsx';

export interface ProjectActionsProps {
  project: Project;
  /** It is to be asked for again. */
  onChanged: () => void;
}

/** What a member may do with the project itself. */
export function ProjectActions({ project, onChanged }: ProjectActionsProps) {
  const { api, member } = useStudio();
  const [opened, setOpened] = useState<'members' | 'settings' | 'leave'>();
  if (!project.role || !member) return null;
  const { userId } = member;

  async function leave() {
    await api.removeProjectMember(project.projectId, userId);
    toast(`You are no member of ${project.name} any more.`);
    onChanged();
  }

  const shut = () => setOpened(undefined);
  return (
    <div className={styles.actions}>
      <Button
        icon={<UsersRound size={18} aria-hidden="true" />}
        onClick={() => setOpened('members')}
      >
        {project.memberCount === 1 ? '1 member' : `${project.memberCount} members`}
      </Button>
      {project.role === 'owner' ? (
        <Button
          icon={<Settings size={18} aria-hidden="true" />}
          onClick={() => setOpened('settings')}
        >
          Settings
        </Button>
      ) : (
        <Button icon={<LogOut size={18} aria-hidden="true" />} onClick={() => setOpened('leave')}>
          Leave
        </Button>
      )}
      <MembersDialog
        open={opened === 'members'}
        onOpenChange={shut}
        project={project}
        onChanged={onChanged}
      />
      {project.role === 'owner' && (
        <ProjectSettingsDialog
          open={opened === 'settings'}
          onOpenChange={shut}
          project={project}
          onChanged={onChanged}
        />
      )}
      <ConfirmDialog
        open={opened === 'leave'}
        onOpenChange={shut}
        title={`Leave ${project.name}?`}
        description="You come back by another invitation. What you posted stays."
        confirm="Leave project"
        cancel="Stay"
        onConfirm={leave}
      />
    </div>
  );
}
