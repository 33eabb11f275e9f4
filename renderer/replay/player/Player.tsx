import {
  MediaControlBar,
  MediaController,
  MediaFullscreenButton,
  MediaLoadingIndicator,
  MediaMuteButton,
  MediaPipButton,
  MediaPlayButton,
  MediaPreviewChapterDisplay,
  MediaPreviewThumbnail,
  MediaPreviewTimeDisplay,
  MediaSeekBackwardButton,
  MediaSeekForwardButton,
  MediaTimeRange,
  MediaVolumeRange,
} from 'media-chrome/react';
import { type ReactNode, type RefObject, useRef } from 'react';
import { useStore } from 'zustand';
import type { Chapter } from '../../../protocol/recordings.ts';
import type { Playback } from '../playback.ts';
import { CaptionsButton } from './CaptionsButton.tsx';
import { LiveButton } from './LiveButton.tsx';
import styles from './Player.module.css';
import { PlayerCover } from './PlayerCover.tsx';
import { SpeedMenu } from './SpeedMenu.tsx';
import { TimeText } from './TimeText.tsx';
import { useChaptersUrl } from './use-chapters-url.ts';
import { usePlayerKeys } from './use-player-keys.ts';

export interface PlayerProps {
  video: RefObject<HTMLVideoElement | null>;
  playback: Playback | undefined;
  title: string;
  chapters: readonly Chapter[];
  durationMs: number;
  onRetry: () => void;
  /** Further `<track>` elements: captions, and pictures for the scrubber. */
  tracks?: ReactNode;
  /** Over the picture, e.g. that the host pauses. */
  notice?: ReactNode;
}

/** Picture and sound of a recording, with everything to work them. */
export function Player(props: PlayerProps) {
  const { video, playback, title, chapters, durationMs, onRetry, tracks, notice } = props;
  const frame = useRef<HTMLDivElement>(null);
  const chaptersUrl = useChaptersUrl(chapters, durationMs);
  usePlayerKeys(video, frame);
  return (
    <div ref={frame} className={styles.frame}>
      <MediaController
        className={styles.controller}
        // The page's own keys reach further: they work wherever the focus is.
        noHotkeys
        autohide="3"
      >
        {/* biome-ignore lint/a11y/useMediaCaption: there are captions where the host made some. */}
        <video
          ref={video}
          slot="media"
          className={styles.video}
          data-testid="replay-player"
          aria-label={`Recording of ${title}`}
          playsInline
          preload="auto"
          crossOrigin="anonymous"
        >
          {chaptersUrl !== undefined && (
            <track key={chaptersUrl} ref={hidden} kind="chapters" src={chaptersUrl} />
          )}
          {tracks}
        </video>
        <MediaLoadingIndicator slot="centered-chrome" noAutohide loadingDelay={300} />
        <MediaControlBar className={styles.scrubber}>
          <MediaTimeRange className={styles.range}>
            <MediaPreviewThumbnail slot="preview" aria-hidden="true" />
            <MediaPreviewChapterDisplay slot="preview" />
            <MediaPreviewTimeDisplay slot="preview" />
          </MediaTimeRange>
        </MediaControlBar>
        <MediaControlBar className={styles.bar}>
          <MediaPlayButton />
          <MediaSeekBackwardButton seekOffset={10} className={styles.roomy} />
          <MediaSeekForwardButton seekOffset={10} className={styles.roomy} />
          <MediaMuteButton />
          <MediaVolumeRange className={styles.volume} />
          <TimeText video={video} />
          <span className={styles.gap} />
          {playback && <LiveButton video={video} playback={playback} />}
          <CaptionsButton video={video} />
          <SpeedMenu video={video} container={frame} />
          <MediaPipButton className={styles.roomy} />
          <MediaFullscreenButton />
        </MediaControlBar>
      </MediaController>
      {notice}
      {playback ? (
        <Covered playback={playback} onRetry={onRetry} />
      ) : (
        <PlayerCover player={{ status: 'loading' }} onRetry={onRetry} />
      )}
    </div>
  );
}

/**
 * Has a track loaded and not shown. A chapters track that is `default` is "showing", and then
 * Chromium 156 shows captions that nobody asked for.
 */
function hidden(element: HTMLTrackElement | null): void {
  if (element) element.track.mode = 'hidden';
}

function Covered({ playback, onRetry }: { playback: Playback; onRetry: () => void }) {
  const player = useStore(playback.state, (state) => state.player);
  return <PlayerCover player={player} onRetry={onRetry} />;
}
