import { Link } from '@tanstack/react-router';
import { CloudOff, FolderKanban, FolderPlus, Lock } from 'lucide-react';
import { useCallback, useState } from 'react';
import { toast } from 'sonner';
import { useStudio } from '../app/studio-context.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { useMayCreate } from '../home/use-may-create.ts';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { ConstellationArt } from '../ui/ConstellationArt.tsx';
import { explain } from '../ui/explain.ts';
import { Notice } from '../ui/Notice.tsx';
import pageStyles from '../ui/Page.module.css';
import { RelativeTime } from '../ui/RelativeTime.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { useLoad } from '../ui/use-load.ts';
import { CreateProjectDialog } from './CreateProjectDialog.tsx';
import { InvitedProject } from './InvitedProject.tsx';
import styles from './ProjectsPage.module.css';

/** Every project this person may see, and where to start one. */
export function ProjectsPage() {
  usePageTitle('Projects');
  const { api, member } = useStudio();
  const mayCreate = useMayCreate();
  const { state, reload, set } = useLoad(useCallback(() => api.projects(), [api]));
  const [creating, setCreating] = useState(false);
  const create = member && mayCreate && (
    <Button
      variant="primary"
      icon={<FolderPlus size={18} aria-hidden="true" />}
      onClick={() => setCreating(true)}
    >
      New project
    </Button>
  );
  const {
    projects,
    invited = [],
    nextCursor,
  } = state.status === 'ready' ? state.value : { projects: [], nextCursor: undefined };

  async function showMore() {
    try {
      const more = await api.projects(nextCursor);
      const rest = { ...(more.nextCursor !== undefined && { nextCursor: more.nextCursor }) };
      set({ projects: [...projects, ...more.projects], invited, ...rest });
    } catch (error) {
      toast.error(explain(error).message);
    }
  }

  return (
    <div className={pageStyles.page}>
      <header className={styles.header}>
        <h1>Projects</h1>
        {projects.length > 0 && create}
      </header>
      {state.status === 'loading' && (
        <div role="status" className={styles.list}>
          <span className="visually-hidden">Loading projects</span>
          <Skeleton height="104px" radius="16px" />
          <Skeleton height="104px" radius="16px" />
        </div>
      )}
      {state.status === 'failed' && (
        <Notice
          icon={<CloudOff />}
          title="The projects could not be loaded"
          actions={<Button onClick={reload}>Try again</Button>}
          alert
        >
          {state.problem.message}
        </Notice>
      )}
      {state.status === 'ready' && projects.length + invited.length === 0 && (
        <Notice icon={<FolderKanban />} title="No projects yet" actions={create}>
          A project is a page of its own with a feed and live rooms: a show, a band, a course.
        </Notice>
      )}
      {invited.map((project) => (
        <InvitedProject key={project.projectId} project={project} onAnswered={reload} />
      ))}
      <ul className={styles.list}>
        {projects.map((project) => (
          <li key={project.projectId}>
            <Link
              to="/p/$projectId"
              params={{ projectId: project.projectId }}
              className={styles.project}
            >
              <span className={styles.art}>
                <ConstellationArt seed={project.projectId} />
              </span>
              <span className={styles.words}>
                <span className={styles.name}>
                  {project.name}{' '}
                  {project.visibility === 'private' && <Chip icon={<Lock />}>Members only</Chip>}
                </span>
                {project.description && (
                  <span className={styles.description}>{project.description}</span>
                )}
                <span className={styles.meta}>
                  {project.owner.displayName} · started <RelativeTime at={project.createdAt} />
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {nextCursor !== undefined && <Button onClick={showMore}>Show more</Button>}
      <CreateProjectDialog open={creating} onOpenChange={setCreating} />
    </div>
  );
}
