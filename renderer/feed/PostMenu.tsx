import { Menu } from '@base-ui/react/menu';
import { Ellipsis, ImageIcon, Link2, Pencil, Pin, PinOff, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { Post } from '../../protocol/posts.ts';
import { useStudio } from '../app/studio-context.ts';
import { useShareLink } from '../reach/use-share-link.ts';
import { Button } from '../ui/Button.tsx';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { copyText } from '../ui/copy-text.ts';
import { explain } from '../ui/explain.ts';
import menuStyles from '../ui/Menu.module.css';
import { ChangePictureDialog } from './ChangePictureDialog.tsx';
import { EditPostDialog } from './EditPostDialog.tsx';

export interface PostMenuProps {
  post: Post;
  onChanged: () => Promise<void>;
}

/** What can be done with a post: by everybody, and by its author. */
export function PostMenu({ post, onChanged }: PostMenuProps) {
  const { api, member, place } = useStudio();
  const share = useShareLink();
  const [asked, setAsked] = useState<'edit' | 'picture' | 'delete'>();
  const own = member?.userId === post.author.userId;
  const pinned = post.pinnedAt !== undefined;

  async function copyLink() {
    const origin = place?.origin ?? location.origin;
    await copyText(share(new URL(`/post/${post.postId}`, origin).href));
    toast('The link is copied.');
  }

  async function pin() {
    await api.updatePost(post.postId, { pinned: !pinned });
    toast(pinned ? 'The post is back in its place.' : 'The post stays at the top.');
    await onChanged();
  }

  const run = (what: () => Promise<void>) => () => {
    what().catch((error: unknown) => toast.error(explain(error).message));
  };

  return (
    <>
      <Menu.Root>
        <Menu.Trigger
          render={<Button variant="ghost" size="small" square icon={<Ellipsis size={18} />} />}
          aria-label="Post options"
        />
        <Menu.Portal>
          <Menu.Positioner align="end" sideOffset={4} className={menuStyles.positioner}>
            <Menu.Popup className={menuStyles.popup}>
              <Menu.Item className={menuStyles.item} onClick={run(copyLink)}>
                <Link2 size={16} aria-hidden="true" /> Copy link
              </Menu.Item>
              {own && (
                <>
                  <Menu.Item className={menuStyles.item} onClick={() => setAsked('edit')}>
                    <Pencil size={16} aria-hidden="true" /> Edit post
                  </Menu.Item>
                  {post.kind === 'stream' && (
                    <Menu.Item className={menuStyles.item} onClick={() => setAsked('picture')}>
                      <ImageIcon size={16} aria-hidden="true" /> Change picture…
                    </Menu.Item>
                  )}
                  <Menu.Item className={menuStyles.item} onClick={run(pin)}>
                    {pinned ? (
                      <PinOff size={16} aria-hidden="true" />
                    ) : (
                      <Pin size={16} aria-hidden="true" />
                    )}
                    {pinned ? 'Unpin post' : 'Pin to the top'}
                  </Menu.Item>
                  <Menu.Item className={menuStyles.item} onClick={() => setAsked('delete')}>
                    <Trash2 size={16} aria-hidden="true" /> Delete post
                  </Menu.Item>
                </>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <EditPostDialog
        open={asked === 'edit'}
        onOpenChange={(open) => setAsked(open ? 'edit' : undefined)}
        post={post}
        onChanged={onChanged}
      />
      {post.kind === 'stream' && own && (
        <ChangePictureDialog
          open={asked === 'picture'}
          onOpenChange={(open) => setAsked(open ? 'picture' : undefined)}
          post={post}
          onChanged={onChanged}
        />
      )}
      <ConfirmDialog
        open={asked === 'delete'}
        onOpenChange={(open) => setAsked(open ? 'delete' : undefined)}
        title="Delete this post?"
        description="It disappears from every feed. A recording that belongs to it stays until its own date."
        confirm="Delete post"
        cancel="Keep it"
        onConfirm={async () => {
          await api.deletePost(post.postId);
          toast('The post is gone.');
          await onChanged();
        }}
      />
    </>
  );
}
