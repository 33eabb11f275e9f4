import { Menu } from '@base-ui/react/menu';
import { Link } from '@tanstack/react-router';
import { Ellipsis, Trash2 } from 'lucide-react';
import { type ComponentProps, type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import type { Post } from '../../protocol/posts.ts';
import { useStudio } from '../app/studio-context.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import menuStyles from '../ui/Menu.module.css';
import { RelativeTime } from '../ui/RelativeTime.tsx';
import styles from './CardFrame.module.css';

export interface CardFrameProps extends Omit<ComponentProps<'article'>, 'children'> {
  post: Post;
  /** A few words after the author's name, e.g. `is live`. */
  doing?: string;
  onChanged: () => Promise<void>;
  children: ReactNode;
}

/** What every card has: who, when, and for its author a menu. */
export function CardFrame({ post, doing, onChanged, children, ...rest }: CardFrameProps) {
  const { api, member } = useStudio();
  const [confirming, setConfirming] = useState(false);
  const { author } = post;
  const own = member?.userId === author.userId;

  async function remove() {
    await api.deletePost(post.postId);
    toast('The post is gone.');
    await onChanged();
  }

  return (
    <article {...rest} className={styles.card}>
      <header className={styles.header}>
        <Avatar name={author.displayName} />
        <div className={styles.who}>
          <p className={styles.line}>
            <Link to="/u/$handle" params={{ handle: author.handle }} className={styles.name}>
              {author.displayName}
            </Link>
            {doing && <span className={styles.doing}> {doing}</span>}
          </p>
          <p className={styles.meta}>
            @{author.handle} <span aria-hidden="true">·</span> <RelativeTime at={post.createdAt} />
          </p>
        </div>
        {own && (
          <Menu.Root>
            <Menu.Trigger
              render={<Button variant="ghost" size="small" square icon={<Ellipsis size={18} />} />}
              aria-label="Post options"
            />
            <Menu.Portal>
              <Menu.Positioner align="end" sideOffset={4} className={menuStyles.positioner}>
                <Menu.Popup className={menuStyles.popup}>
                  <Menu.Item className={menuStyles.item} onClick={() => setConfirming(true)}>
                    <Trash2 size={16} aria-hidden="true" /> Delete post
                  </Menu.Item>
                </Menu.Popup>
              </Menu.Positioner>
            </Menu.Portal>
          </Menu.Root>
        )}
      </header>
      {children}
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title="Delete this post?"
        description="It disappears from every feed. A recording that belongs to it stays until its own date."
        confirm="Delete post"
        cancel="Keep it"
        onConfirm={remove}
      />
    </article>
  );
}
