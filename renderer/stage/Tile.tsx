import { clsx } from 'clsx';
import { MicOff, Shield, Unplug, WifiOff } from 'lucide-react';
import { useCallback, useRef } from 'react';
import type { Participant } from '../../protocol/rooms.ts';
import type { PeerLink } from '../rooms/streaming.ts';
import { useStreamingActions } from '../rooms/streaming-context.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { Spinner } from '../ui/Spinner.tsx';
import { lostOnTile } from './devices/lost-device-words.ts';
import { MediaVideo } from './MediaVideo.tsx';
import { PersonMenu } from './moderation/PersonMenu.tsx';
import styles from './Tile.module.css';
import { useShownHeight } from './use-shown-height.ts';
import { useSpeakingMark } from './use-speaking-mark.ts';

export interface TileProps {
  participant: Participant;
  /** This is the person in front of the screen. */
  self: boolean;
  stream: MediaStream | undefined;
  /** The connection; absent for oneself, and until it is begun. */
  link: PeerLink | undefined;
  /** In the tray's strip, where there is little room. */
  compact?: boolean;
}

/** One person in the room: their picture or initials, name, and what is off or amiss. */
export function Tile({ participant, self, stream, link, compact = false }: TileProps) {
  const { reportFirstFrame, reportShown } = useStreamingActions();
  const figure = useRef<HTMLElement>(null);
  const { peerId, displayName, muted, mutedByModerator } = participant;
  const lost = lostOnTile(participant.deviceLost);
  const held = mutedByModerator.audio || mutedByModerator.video;
  const hasVideo = (stream?.getVideoTracks().length ?? 0) > 0;
  const tellShown = useCallback(
    (place: string, heightPx: number) => reportShown(peerId, place, heightPx),
    [reportShown, peerId],
  );
  useShownHeight(figure, self ? undefined : tellShown);
  // Who was muted by a moderator is not heard, whatever comes.
  useSpeakingMark(figure, mutedByModerator.audio ? undefined : stream);
  return (
    <figure
      ref={figure}
      className={clsx(styles.tile, compact && styles.compact)}
      data-testid="tile"
      data-peer-id={peerId}
      data-self={self}
      data-audio-muted={muted.audio}
      data-video-muted={muted.video}
      data-held={held}
    >
      {stream && (
        <MediaVideo
          stream={stream}
          className={clsx(styles.video, self && styles.mirrored)}
          hidden={!hasVideo || muted.video}
          aria-hidden="true"
          {...(!self && { onFirstFrame: () => reportFirstFrame(peerId) })}
        />
      )}
      {(!hasVideo || muted.video) && (
        <div className={styles.initials}>
          <Avatar name={displayName} size={compact ? 'medium' : 'large'} />
        </div>
      )}
      <figcaption className={styles.caption}>
        {held && <Shield size={14} aria-hidden="true" />}
        {muted.audio && <MicOff size={14} aria-hidden="true" />}
        <span className={styles.name}>{self ? `${displayName} (you)` : displayName}</span>
        <span className="visually-hidden">
          {muted.audio && ', microphone muted'}
          {mutedByModerator.audio && ' by a moderator'}
          {muted.video && ', camera off'}
          {mutedByModerator.video && ' by a moderator'}
        </span>
      </figcaption>
      {!self && !compact && (
        <div className={styles.menu}>
          <PersonMenu person={participant} onTile />
        </div>
      )}
      {lost !== undefined && (
        <p className={styles.state} role="status">
          <Unplug size={18} aria-hidden="true" />
          <span className={compact ? 'visually-hidden' : undefined}>{lost}</span>
        </p>
      )}
      {!self && <LinkState participant={participant} link={link} compact={compact} />}
    </figure>
  );
}

function LinkState(props: {
  participant: Participant;
  link: PeerLink | undefined;
  compact: boolean;
}) {
  const { participant, link, compact } = props;
  if (link?.problem) {
    return (
      <p className={styles.state} role="status">
        <WifiOff size={18} aria-hidden="true" />
        <span className={compact ? 'visually-hidden' : undefined}>{link.problem}</span>
      </p>
    );
  }
  const words = linkWords(participant, link);
  if (!words) return null;
  return (
    <p className={styles.state} role="status">
      <Spinner />
      <span className={compact ? 'visually-hidden' : undefined}>{words}</span>
    </p>
  );
}

function linkWords(participant: Participant, link: PeerLink | undefined): string | undefined {
  switch (link?.state) {
    case 'connected':
      return participant.status === 'suspect' ? 'Not heard from for a while' : undefined;
    case 'disconnected':
      return 'Connection lost, trying again';
    case 'failed':
      return 'No connection, trying again';
    default:
      return 'Connecting';
  }
}
