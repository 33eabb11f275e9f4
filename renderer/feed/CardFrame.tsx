import { Link } from '@tanstack/react-router';
import { Pin } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import type { Post } from '../../protocol/posts.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { RelativeTime } from '../ui/RelativeTime.tsx';
import styles from './CardFrame.module.css';
import { PostMenu } from './PostMenu.tsx';
import { useProjectName } from './use-project-name.ts';

export interface CardFrameProps extends Omit<ComponentProps<'article'>, 'children'> {
  post: Post;
  /** A few words after the author's name, e.g. `is live`. */
  doing?: string;
  onChanged: () => Promise<void>;
  children: ReactNode;
}

/** What every card has: who, where, when, and a menu. */
export function CardFrame({ post, doing, onChanged, children, ...rest }: CardFrameProps) {
  const { author, projectId } = post;
  return (
    <article {...rest} className={styles.card}>
      {post.pinnedAt !== undefined && (
        <p className={styles.pinned}>
          <Pin size={14} aria-hidden="true" /> Pinned
        </p>
      )}
      <header className={styles.header}>
        <Avatar name={author.displayName} />
        <div className={styles.who}>
          <p className={styles.line}>
            <Link to="/u/$handle" params={{ handle: author.handle }} className={styles.name}>
              {author.displayName}
            </Link>
            {doing && <span className={styles.doing}> {doing}</span>}
            {projectId !== undefined && <ProjectName projectId={projectId} />}
          </p>
          <p className={styles.meta}>
            @{author.handle} <span aria-hidden="true">·</span>{' '}
            <Link to="/post/$postId" params={{ postId: post.postId }} className={styles.when}>
              <RelativeTime at={post.createdAt} />
            </Link>
            {post.editedAt !== undefined && ' · edited'}
          </p>
        </div>
        <PostMenu post={post} onChanged={onChanged} />
      </header>
      {children}
    </article>
  );
}

function ProjectName({ projectId }: { projectId: string }) {
  const name = useProjectName(projectId);
  if (name === undefined) return null;
  return (
    <span className={styles.doing}>
      {' '}
      in{' '}
      <Link to="/p/$projectId" params={{ projectId }} className={styles.name}>
        {name}
      </Link>
    </span>
  );
}
