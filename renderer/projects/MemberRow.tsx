import { Menu } from '@base-ui/react/menu';
import { Crown, Ellipsis, ShieldCheck, UserMinus, UserRound } from 'lucide-react';
import type { Project, ProjectMember, ProjectRole } from '../../protocol/projects.ts';
import { useStudio } from '../app/studio-context.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import menuStyles from '../ui/Menu.module.css';
import styles from './MembersDialog.module.css';

const ROLES: Record<ProjectRole, string> = { owner: 'Owner', steward: 'Steward', member: 'Member' };

export interface MemberRowProps {
  project: Project;
  member: ProjectMember;
  setRole: (member: ProjectMember, role: ProjectRole) => Promise<void>;
  remove: (member: ProjectMember) => Promise<void>;
}

/** One member, and what the person looking may do about them. */
export function MemberRow({ project, member, setRole, remove }: MemberRowProps) {
  const self = useStudio().member?.userId === member.userId;
  const owns = project.role === 'owner' && !self;
  const mayRemove = owns || (project.role === 'steward' && member.role === 'member');
  return (
    <li className={styles.row}>
      <Avatar name={member.displayName} size="small" />
      <span className={styles.words}>
        <span className={styles.name}>
          {member.displayName}
          {self && ' (you)'}
        </span>
        <span className={styles.handle}>@{member.handle}</span>
      </span>
      <Chip tone={member.role === 'member' ? 'neutral' : 'accent'}>{ROLES[member.role]}</Chip>
      {(owns || mayRemove) && (
        <Menu.Root>
          <Menu.Trigger
            render={<Button variant="ghost" size="small" square icon={<Ellipsis size={18} />} />}
            aria-label={`What to do with ${member.displayName}`}
          />
          <Menu.Portal>
            <Menu.Positioner align="end" sideOffset={4} className={menuStyles.positioner}>
              <Menu.Popup className={menuStyles.popup}>
                {owns && member.role === 'member' && (
                  <Menu.Item
                    className={menuStyles.item}
                    onClick={() => void setRole(member, 'steward')}
                  >
                    <ShieldCheck size={16} aria-hidden="true" /> Make a steward
                  </Menu.Item>
                )}
                {owns && member.role === 'steward' && (
                  <Menu.Item
                    className={menuStyles.item}
                    onClick={() => void setRole(member, 'member')}
                  >
                    <UserRound size={16} aria-hidden="true" /> Make a plain member
                  </Menu.Item>
                )}
                {owns && (
                  <Menu.Item
                    className={menuStyles.item}
                    onClick={() => void setRole(member, 'owner')}
                  >
                    <Crown size={16} aria-hidden="true" /> Make the owner
                  </Menu.Item>
                )}
                <Menu.Item className={menuStyles.item} onClick={() => void remove(member)}>
                  <UserMinus size={16} aria-hidden="true" /> Take out of the project
                </Menu.Item>
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
      )}
    </li>
  );
}
