import { Link } from '@tanstack/react-router';
import { CloudOff, FolderX } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import type { Post } from '../../protocol/posts.ts';
import type { Project } from '../../protocol/projects.ts';
import { useStudio } from '../app/studio-context.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { Composer } from '../feed/Composer.tsx';
import { Feed } from '../feed/Feed.tsx';
import { useFeed } from '../feed/use-feed.ts';
import { useRoomChange } from '../feed/use-room-change.ts';
import { useMayCreate } from '../home/use-may-create.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import pageStyles from '../ui/Page.module.css';
import { PageHeader } from '../ui/PageHeader.tsx';
import { RelativeTime } from '../ui/RelativeTime.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { useLoad } from '../ui/use-load.ts';

/** A project's page: what it is, its feed, and for its owner the composer. */
export function ProjectPage({ projectId }: { projectId: string }) {
  const { api } = useStudio();
  const { state, reload } = useLoad(useCallback(() => api.project(projectId), [api, projectId]));
  usePageTitle(state.status === 'ready' ? state.value.project.name : 'Project');
  if (state.status === 'loading') {
    return (
      <div className={pageStyles.page} role="status">
        <span className="visually-hidden">Loading the project</span>
        <Skeleton height="204px" radius="16px" />
      </div>
    );
  }
  if (state.status === 'failed') {
    const missing = state.problem.code === 'project-not-found';
    return (
      <Notice
        icon={missing ? <FolderX /> : <CloudOff />}
        title={missing ? 'There is no such project' : 'The project could not be loaded'}
        actions={
          <>
            {!missing && <Button onClick={reload}>Try again</Button>}
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
  return <OpenedProject project={state.value.project} />;
}

function OpenedProject({ project }: { project: Project }) {
  const { api, member } = useStudio();
  const { projectId, owner } = project;
  const load = useCallback(
    (cursor?: string) => api.projectFeed(projectId, cursor),
    [api, projectId],
  );
  const holds = useCallback((post: Post) => post.projectId === projectId, [projectId]);
  const ref = useMemo(() => ({ projectId }), [projectId]);
  const feed = useFeed({ key: `project ${projectId}`, load, ref, holds }, useRoomChange());
  const own = useMayCreate() && member?.userId === owner.userId;
  return (
    <div className={pageStyles.page}>
      <PageHeader
        name={project.name}
        seed={projectId}
        line={
          <>
            A project by{' '}
            <Link to="/u/$handle" params={{ handle: owner.handle }}>
              {owner.displayName}
            </Link>
            , started <RelativeTime at={project.createdAt} />
          </>
        }
      >
        {project.description && <p>{project.description}</p>}
      </PageHeader>
      {own && <Composer key={projectId} projectId={projectId} onPosted={feed.refresh} />}
      <Feed
        feed={feed}
        emptyTitle="No posts yet"
        empty={
          own
            ? 'Write the first post, or start a live room for this project.'
            : 'What its owner posts or shows live will be here.'
        }
      />
    </div>
  );
}
