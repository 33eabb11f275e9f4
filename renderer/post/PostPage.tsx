import { Link } from '@tanstack/react-router';
import { CloudOff, FileX } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { FeedRef, Post } from '../../protocol/posts.ts';
import { useStudio } from '../app/studio-context.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { PostCard } from '../feed/PostCard.tsx';
import { PostSkeleton } from '../feed/PostSkeleton.tsx';
import { useFeed } from '../feed/use-feed.ts';
import { useRoomChange } from '../feed/use-room-change.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import pageStyles from '../ui/Page.module.css';

/** One post, at a link of its own. */
export function PostPage({ postId }: { postId: string }) {
  const { api, member } = useStudio();
  const load = useCallback(async () => ({ posts: [(await api.post(postId)).post] }), [api, postId]);
  const holds = useCallback((post: Post) => post.postId === postId, [postId]);
  // The post says whose feed it is on: only then can that be followed.
  const [ref, setRef] = useState<FeedRef>();
  const feed = useFeed(
    { key: `post ${postId}`, load, holds, ...(ref && { ref }) },
    useRoomChange(),
  );
  const [post] = feed.posts;
  const handle = post?.author.handle;
  const projectId = post?.projectId;
  useEffect(() => {
    if (projectId !== undefined) setRef({ projectId });
    else if (handle !== undefined) setRef({ profile: handle });
  }, [handle, projectId]);
  usePageTitle(post?.kind === 'stream' ? post.title : 'Post');

  if (feed.status === 'loading') {
    return (
      <div className={pageStyles.page} role="status">
        <span className="visually-hidden">Loading the post</span>
        <PostSkeleton />
      </div>
    );
  }
  if (!post) {
    const { code, message } = feed.problem ?? { code: 'post-not-found', message: GONE };
    const missing = code === 'post-not-found';
    return (
      <Notice
        icon={missing ? <FileX /> : <CloudOff />}
        title={missing ? 'There is no such post here' : 'The post could not be loaded'}
        actions={
          <>
            <Button onClick={feed.refresh}>Try again</Button>
            <Link to="/" className={buttonClass({})}>
              Go to the start
            </Link>
          </>
        }
        page
        alert
      >
        {missing && !member
          ? `${message} If it is for members, sign in where you are one.`
          : message}
      </Notice>
    );
  }
  return (
    <div className={pageStyles.page}>
      <PostCard
        post={post}
        viewers={post.kind === 'stream' ? feed.viewers.get(post.roomId) : undefined}
        onChanged={feed.refresh}
      />
    </div>
  );
}

const GONE = 'It was deleted.';
