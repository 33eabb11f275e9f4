import { Menu } from '@base-ui/react/menu';
import { clsx } from 'clsx';
import {
  Ban,
  ChevronRight,
  Ellipsis,
  MessageSquareQuote,
  Mic,
  MicOff,
  UserRoundCog,
  UserRoundMinus,
  Video,
  VideoOff,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Participant } from '../../../protocol/rooms.ts';
import { rightsOver, roleChange } from '../../rooms/moderator-rights.ts';
import { useStreamingState } from '../../rooms/streaming-context.tsx';
import { buttonClass } from '../../ui/Button.tsx';
import menuStyles from '../../ui/Menu.module.css';
import { openRoomDialog } from '../room-dialog.ts';
import { roleName } from '../room-people.ts';
import { MUTE_LIMITS, muteDurationMs } from './moderation-words.ts';
import styles from './PersonMenu.module.css';
import { useModerate } from './use-moderate.ts';

export interface PersonMenuProps {
  person: Participant;
  /** Over a picture, which is dark in both themes. */
  onTile?: boolean;
}

/** What the person in front of the screen may do to another; nothing where that is nothing. */
export function PersonMenu({ person, onTile = false }: PersonMenuProps) {
  const actor = useStreamingState(({ self, participants }) => self && participants[self.peerId]);
  const moderate = useModerate();
  const rights = rightsOver(actor, person);
  if (!rights.moderate) return null;
  const { peerId, displayName, role } = person;
  return (
    <Menu.Root>
      <Menu.Trigger
        className={clsx(
          buttonClass({ variant: 'ghost', size: 'small', square: true }),
          onTile && styles.onTile,
        )}
        aria-label={`Moderate ${displayName}`}
      >
        <Ellipsis size={18} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} className={menuStyles.positioner}>
          <Menu.Popup className={menuStyles.popup}>
            <MuteItem person={person} kind="audio" />
            <MuteItem person={person} kind="video" />
            <Item
              icon={<MessageSquareQuote size={16} aria-hidden="true" />}
              onClick={() => openRoomDialog({ kind: 'mute', person })}
            >
              Mute with a reason…
            </Item>
            <Menu.Separator className={styles.separator} />
            {rights.roles.map((to) => (
              <Item
                key={to}
                icon={<UserRoundCog size={16} aria-hidden="true" />}
                onClick={() => moderate({ peerId, action: roleChange(role, to), role: to })}
              >
                Make {roleName(to).toLowerCase()}
              </Item>
            ))}
            <Menu.Separator className={styles.separator} />
            <Item
              icon={<UserRoundMinus size={16} aria-hidden="true" />}
              onClick={() => openRoomDialog({ kind: 'remove', person })}
            >
              Remove…
            </Item>
            <Item
              icon={<Ban size={16} aria-hidden="true" />}
              onClick={() => openRoomDialog({ kind: 'ban', person })}
            >
              Ban…
            </Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

const KINDS = {
  audio: { mute: 'Mute microphone', lift: 'Unmute microphone', off: MicOff, on: Mic },
  video: { mute: 'Turn camera off', lift: 'Allow camera again', off: VideoOff, on: Video },
};

function MuteItem({ person, kind }: { person: Participant; kind: 'audio' | 'video' }) {
  const moderate = useModerate();
  const { mute, lift, off: Off, on: On } = KINDS[kind];
  const { peerId } = person;
  if (person.mutedByModerator[kind]) {
    return (
      <Item
        icon={<On size={16} aria-hidden="true" />}
        onClick={() => moderate({ peerId, action: 'unmute', scope: kind })}
      >
        {lift}
      </Item>
    );
  }
  return (
    <Menu.SubmenuRoot>
      <Menu.SubmenuTrigger className={menuStyles.item}>
        <Off size={16} aria-hidden="true" /> {mute}
        <ChevronRight size={14} className={styles.more} aria-hidden="true" />
      </Menu.SubmenuTrigger>
      <Menu.Portal>
        <Menu.Positioner className={menuStyles.positioner} alignOffset={-5}>
          <Menu.Popup className={menuStyles.popup}>
            {MUTE_LIMITS.map(({ value, label }) => {
              const durationMs = muteDurationMs(value);
              return (
                <Item
                  key={value}
                  onClick={() =>
                    moderate({
                      peerId,
                      action: 'mute',
                      scope: kind,
                      ...(durationMs !== undefined && { durationMs }),
                    })
                  }
                >
                  {label}
                </Item>
              );
            })}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.SubmenuRoot>
  );
}

function Item(props: { icon?: ReactNode; onClick: () => void; children: ReactNode }) {
  return (
    <Menu.Item className={menuStyles.item} onClick={props.onClick}>
      {props.icon} <span>{props.children}</span>
    </Menu.Item>
  );
}
