import { Menu } from '@base-ui/react/menu';
import { ChevronsUpDown, House, Info, Link2, PencilLine, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { HomeDialog } from '../home/HomeDialog.tsx';
import { JoinByLinkDialog } from '../home/JoinByLinkDialog.tsx';
import { homeOf } from '../home/place-words.ts';
import { EditProfileDialog } from '../profile/EditProfileDialog.tsx';
import { ReachDialog } from '../reach/ReachDialog.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import menuStyles from '../ui/Menu.module.css';
import { AboutDialog } from './AboutDialog.tsx';
import styles from './OwnMenu.module.css';
import { useStudio } from './studio-context.ts';

/** The member's own name, and what concerns them and their studio. */
export function OwnMenu() {
  const { member, info, place } = useStudio();
  const [dialog, setDialog] = useState<'profile' | 'link' | 'reach' | 'home' | 'about'>();
  if (!member) return null;
  const close = (open: boolean) => setDialog((current) => (open ? current : undefined));
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className={styles.trigger}>
          <Avatar name={member.displayName} />
          <span className="visually-hidden">You: </span>
          <span className={styles.names}>
            <span className={styles.name}>{member.displayName}</span>
            <span className={styles.handle}>@{member.handle}</span>
          </span>
          <ChevronsUpDown className={styles.chevron} size={16} aria-hidden="true" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner align="start" sideOffset={6} className={menuStyles.positioner}>
            <Menu.Popup className={menuStyles.popup}>
              {place?.kind !== 'visit' && (
                <Menu.Item className={menuStyles.item} onClick={() => setDialog('profile')}>
                  <PencilLine size={16} aria-hidden="true" /> Edit profile
                </Menu.Item>
              )}
              <Menu.Item className={menuStyles.item} onClick={() => setDialog('link')}>
                <Link2 size={16} aria-hidden="true" /> Join by link
              </Menu.Item>
              <Menu.Item className={menuStyles.item} onClick={() => setDialog('reach')}>
                <Smartphone size={16} aria-hidden="true" /> Guests on other devices
              </Menu.Item>
              {info && (
                <Menu.Item className={menuStyles.item} onClick={() => setDialog('home')}>
                  <House size={16} aria-hidden="true" /> Home: {homeOf(info.place).name}
                </Menu.Item>
              )}
              <Menu.Item className={menuStyles.item} onClick={() => setDialog('about')}>
                <Info size={16} aria-hidden="true" /> About this studio
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <EditProfileDialog open={dialog === 'profile'} onOpenChange={close} />
      <ReachDialog open={dialog === 'reach'} onOpenChange={close} />
      <JoinByLinkDialog open={dialog === 'link'} onOpenChange={close} />
      <HomeDialog open={dialog === 'home'} onOpenChange={close} />
      <AboutDialog open={dialog === 'about'} onOpenChange={close} />
    </>
  );
}
