import { Mic, MicOff, Video, VideoOff } from 'lucide-react';
import { useCallback } from 'react';
import { toast } from 'sonner';
import { useStreamingActions, useStreamingState } from '../rooms/streaming-context.tsx';
import { explain } from '../ui/explain.ts';
import { IconButton } from '../ui/IconButton.tsx';
import styles from './RoomTray.module.css';
import { shortcutHint, useShortcut } from './use-shortcut.ts';

/** One's own microphone and camera. */
export function SelfControls() {
  const { setMuted } = useStreamingActions();
  const muted = useStreamingState((state) => state.self?.muted);
  const stream = useStreamingState((state) => state.self?.stream);
  const hasMicrophone = (stream?.getAudioTracks().length ?? 0) > 0;
  const hasCamera = (stream?.getVideoTracks().length ?? 0) > 0;
  const audioMuted = muted?.audio ?? false;
  const videoMuted = muted?.video ?? false;

  const set = useCallback(
    (kind: 'audio' | 'video', value: boolean) => {
      setMuted(kind, value).catch((error: unknown) => toast.error(explain(error).message));
    },
    [setMuted],
  );
  const toggleAudio = useCallback(() => set('audio', !audioMuted), [set, audioMuted]);
  const toggleVideo = useCallback(() => set('video', !videoMuted), [set, videoMuted]);
  useShortcut('d', hasMicrophone ? toggleAudio : undefined);
  useShortcut('e', hasCamera ? toggleVideo : undefined);

  return (
    <div className={styles.group}>
      <IconButton
        label={hasMicrophone ? microphoneLabel(audioMuted) : 'No microphone'}
        shortcut={shortcutHint('D')}
        aria-keyshortcuts="Control+D Meta+D"
        variant={audioMuted || !hasMicrophone ? 'off' : 'secondary'}
        disabled={!hasMicrophone}
        icon={audioMuted || !hasMicrophone ? <MicOff size={20} /> : <Mic size={20} />}
        onClick={toggleAudio}
      />
      <IconButton
        label={hasCamera ? cameraLabel(videoMuted) : 'No camera'}
        shortcut={shortcutHint('E')}
        aria-keyshortcuts="Control+E Meta+E"
        variant={videoMuted || !hasCamera ? 'off' : 'secondary'}
        disabled={!hasCamera}
        icon={videoMuted || !hasCamera ? <VideoOff size={20} /> : <Video size={20} />}
        onClick={toggleVideo}
      />
    </div>
  );
}

function microphoneLabel(muted: boolean): string {
  return muted ? 'Unmute microphone' : 'Mute microphone';
}

function cameraLabel(off: boolean): string {
  return off ? 'Turn camera on' : 'Turn camera off';
}
