import { useCallback, useMemo } from 'react';
import type { Post } from '../../protocol/posts.ts';
import { useStudio } from '../app/studio-context.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { Composer } from '../feed/Composer.tsx';
import { Feed } from '../feed/Feed.tsx';
import { useFeed } from '../feed/use-feed.ts';
import { useRoomChange } from '../feed/use-room-change.ts';
import { useMayCreate } from '../home/use-may-create.ts';
import type { OfferedFeatures } from '../rooms/features.ts';
import pageStyles from '../ui/Page.module.css';
import { PageHeader } from '../ui/PageHeader.tsx';

/** Somebody's page: who they are, what they post and when they are live. */
export function ProfilePage({ handle }: { handle: string }) {
  const { api, member, features } = useStudio();
  const mayCreate = useMayCreate();
  const load = useCallback((cursor?: string) => api.profileFeed(handle, cursor), [api, handle]);
  const holds = useCallback(
    (post: Post) => post.context === 'profile' && post.author.handle === handle,
    [handle],
  );
  const ref = useMemo(() => ({ profile: handle }), [handle]);
  const feed = useFeed({ key: `profile ${handle}`, load, ref, holds }, useRoomChange());
  const own = member?.handle === handle;
  const author = [...feed.pinned, ...feed.posts].find(
    (post) => post.author.handle === handle,
  )?.author;
  const name = own ? member.displayName : (author?.displayName ?? `@${handle}`);
  usePageTitle(name);
  return (
    <div className={pageStyles.page}>
      <PageHeader name={name} line={`@${handle}`} seed={handle} />
      {own && mayCreate && <Composer onPosted={feed.refresh} />}
      <Feed
        feed={feed}
        emptyTitle={own ? 'Your feed starts here' : 'Nothing here yet'}
        empty={
          own
            ? ownWords(mayCreate, features)
            : `When @${handle} posts or goes live, it will be here.`
        }
      />
    </div>
  );
}

function ownWords(mayCreate: boolean, { recording }: OfferedFeatures): string {
  if (!mayCreate) {
    return 'You are a visitor here. To post and to have rooms, ask whoever runs this node for an invitation to enrol.';
  }
  return recording.offered
    ? 'Write a first post, or start a live room: its replay will be a post by itself.'
    : 'Write a first post, or start a live room.';
}
