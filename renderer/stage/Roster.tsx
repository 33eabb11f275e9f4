import { CloudOff, Mic, MicOff, Shield, Video, VideoOff } from 'lucide-react';
import { useShallow } from 'zustand/react/shallow';
import type { Participant } from '../../protocol/rooms.ts';
import { waitingActs } from '../rooms/moderator-acts.ts';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { PersonMenu } from './moderation/PersonMenu.tsx';
import styles from './Roster.module.css';
import { orderedPeople, roleName } from './room-people.ts';

/** Who is in the room, as what, and what they have switched off. */
export function Roster() {
  const { participants, self } = useStreamingState(
    useShallow(({ participants, self }) => ({ participants, self })),
  );
  const waiting = useStreamingState(
    useShallow((state) => waitingActs(state).map(({ act }) => act.peerId)),
  );
  return (
    <ul className={styles.roster} aria-label="People in the room">
      {orderedPeople({ participants, self }).map((person) => {
        const muted = person.peerId === self?.peerId ? self.muted : person.muted;
        return (
          <li key={person.peerId} className={styles.person}>
            <Avatar name={person.displayName} size="small" />
            <span className={styles.words}>
              <span className={styles.name}>
                {person.displayName}
                {person.peerId === self?.peerId && ' (you)'}
              </span>
              <span className={styles.role}>
                {roleName(person.role)}
                {person.connection === 'turn' && ', relayed'}
                {person.status === 'suspect' && ', not heard from'}
                <HeldMark person={person} />
                {waiting.includes(person.peerId) && (
                  <span className={styles.held}>
                    <CloudOff size={12} aria-hidden="true" /> Waits for the node
                  </span>
                )}
              </span>
            </span>
            {muted.audio ? (
              <MicOff size={16} className={styles.off} aria-label="Microphone muted" />
            ) : (
              <Mic size={16} aria-label="Microphone on" />
            )}
            {muted.video ? (
              <VideoOff size={16} className={styles.off} aria-label="Camera off" />
            ) : (
              <Video size={16} aria-label="Camera on" />
            )}
            <PersonMenu person={person} />
          </li>
        );
      })}
    </ul>
  );
}

/** What a moderator keeps off, told apart from what people switched off themselves. */
function HeldMark({ person }: { person: Participant }) {
  const { audio, video } = person.mutedByModerator;
  if (!audio && !video) return null;
  return (
    <span className={styles.held}>
      <Shield size={12} aria-hidden="true" />
      {audio ? 'Muted' : 'Camera off'} by a moderator
    </span>
  );
}
