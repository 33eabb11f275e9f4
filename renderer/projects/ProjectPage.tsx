import { Link } from '@tanstack/react-router';
import { CloudOff, FolderX, Lock } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { Post } from '../../protocol/posts.ts';
import type { Project } from '../../protocol/projects.ts';
import { useStudio } from '../app/studio-context.ts';
import { useInvite } from '../app/use-invite.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { Composer } from '../feed/Composer.tsx';
import { Feed } from '../feed/Feed.tsx';
import { useFeed } from '../feed/use-feed.ts';
import { useRoomChange } from '../feed/use-room-change.ts';
import { useMayCreate } from '../home/use-may-create.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { Notice } from '../ui/Notice.tsx';
import pageStyles from '../ui/Page.module.css';
import { PageHeader } from '../ui/PageHeader.tsx';
import { RelativeTime } from '../ui/RelativeTime.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { useLoad } from '../ui/use-load.ts';
import { InvitedWithoutIdentity } from './InvitedWithoutIdentity.tsx';
import { ProjectActions } from './ProjectActions.tsx';
import { ProjectInvitePage } from './ProjectInvitePage.tsx';

/** A project's page: what it is, its feed, and for its members the composer. */
export function ProjectPage({ projectId }: { projectId: string }) {
  const invite = useInvite();
  const [joined, setJoined] = useState(false);
  const onJoined = useCallback(() => setJoined(true), []);
  const { member } = useStudio();
  if (invite === undefined || joined) return <ProjectView projectId={projectId} />;
  if (!member) return <ProjectView projectId={projectId} missing={<InvitedWithoutIdentity />} />;
  return <ProjectInvitePage projectId={projectId} token={invite} onJoined={onJoined} />;
}

/** @param missing shown where there is no such project for this person */
function ProjectView({ projectId, missing }: { projectId: string; missing?: ReactNode }) {
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
    const isMissing = state.problem.code === 'project-not-found';
    if (isMissing && missing) return missing;
    return (
      <Notice
        icon={isMissing ? <FolderX /> : <CloudOff />}
        title={isMissing ? 'There is no such project' : 'The project could not be loaded'}
        actions={
          <>
            {!isMissing && <Button onClick={reload}>Try again</Button>}
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
  return <OpenedProject project={state.value.project} onChanged={reload} />;
}

function OpenedProject({ project, onChanged }: { project: Project; onChanged: () => void }) {
  const { api } = useStudio();
  const { projectId, owner } = project;
  const load = useCallback(
    (cursor?: string) => api.projectFeed(projectId, cursor),
    [api, projectId],
  );
  const holds = useCallback((post: Post) => post.projectId === projectId, [projectId]);
  const ref = useMemo(() => ({ projectId }), [projectId]);
  const feed = useFeed({ key: `project ${projectId}`, load, ref, holds }, useRoomChange());
  const writes = useMayCreate() && project.role !== undefined;
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
            {project.visibility === 'private' && (
              <>
                {' '}
                <Chip icon={<Lock />}>Members only</Chip>
              </>
            )}
          </>
        }
      >
        {project.description && <p>{project.description}</p>}
        <ProjectActions project={project} onChanged={onChanged} />
      </PageHeader>
      {writes && <Composer key={projectId} projectId={projectId} onPosted={feed.refresh} />}
      <Feed
        feed={feed}
        emptyTitle="No posts yet"
        empty={
          writes
            ? 'Write the first post, or start a live room for this project.'
            : 'What its members post or show live will be here.'
        }
      />
    </div>
  );
}
