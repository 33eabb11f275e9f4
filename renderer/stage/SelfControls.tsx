import { Mic, MicOff, Settings2, Video, VideoOff } from 'lucide-react';
import { useCallback } from 'react';
import { toast } from 'sonner';
import { useStreamingActions, useStreamingState } from '../rooms/streaming-context.tsx';
import { explain } from '../ui/explain.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { heldWords } from './moderation/moderation-words.ts';
import styles from './RoomTray.module.css';
import { openRoomDialog } from './room-dialog.ts';
import { shortcutHint, useShortcut } from './use-shortcut.ts';

/** One's own microphone and camera. */
export function SelfControls() {
  const { setMuted } = useStreamingActions();
  const muted = useStreamingState((state) => state.self?.muted);
  const held = useStreamingState((state) => state.self?.held);
  const stream = useStreamingState((state) => state.self?.stream);
  const hasMicrophone = (stream?.getAudioTracks().length ?? 0) > 0;
  const hasCamera = (stream?.getVideoTracks().length ?? 0) > 0;
  const audioMuted = muted?.audio ?? false;
  const videoMuted = muted?.video ?? false;

  const set = useCallback(
    (kind: 'audio' | 'video', value: boolean) => {
      const byModerator = held?.[kind];
      if (byModerator && !value) {
        toast(`${heldWords(kind, byModerator, Date.now())} You can’t switch it on yourself.`, {
          id: `held-${kind}`,
        });
        return;
      }
      setMuted(kind, value).catch((error: unknown) => toast.error(explain(error).message));
    },
    [setMuted, held],
  );
  const toggleAudio = useCallback(() => set('audio', !audioMuted), [set, audioMuted]);
  const toggleVideo = useCallback(() => set('video', !videoMuted), [set, videoMuted]);
  useShortcut('d', hasMicrophone ? toggleAudio : undefined);
  useShortcut('e', hasCamera ? toggleVideo : undefined);

  return (
    <div className={styles.group}>
      <IconButton
        label={
          hasMicrophone ? microphoneLabel(audioMuted, held?.audio !== undefined) : 'No microphone'
        }
        aria-disabled={held?.audio !== undefined || undefined}
        shortcut={shortcutHint('D')}
        aria-keyshortcuts="Control+D Meta+D"
        variant={audioMuted || !hasMicrophone ? 'off' : 'secondary'}
        disabled={!hasMicrophone}
        icon={audioMuted || !hasMicrophone ? <MicOff size={20} /> : <Mic size={20} />}
        onClick={toggleAudio}
      />
      <IconButton
        label={hasCamera ? cameraLabel(videoMuted, held?.video !== undefined) : 'No camera'}
        aria-disabled={held?.video !== undefined || undefined}
        shortcut={shortcutHint('E')}
        aria-keyshortcuts="Control+E Meta+E"
        variant={videoMuted || !hasCamera ? 'off' : 'secondary'}
        disabled={!hasCamera}
        icon={videoMuted || !hasCamera ? <VideoOff size={20} /> : <Video size={20} />}
        onClick={toggleVideo}
      />
      <IconButton
        label="Choose camera and microphone"
        icon={<Settings2 size={20} />}
        onClick={() => openRoomDialog({ kind: 'devices' })}
      />
    </div>
  );
}

function microphoneLabel(muted: boolean, held: boolean): string {
  if (held) return 'Microphone muted by a moderator';
  return muted ? 'Unmute microphone' : 'Mute microphone';
}

function cameraLabel(off: boolean, held: boolean): string {
  if (held) return 'Camera turned off by a moderator';
  return off ? 'Turn camera on' : 'Turn camera off';
}
