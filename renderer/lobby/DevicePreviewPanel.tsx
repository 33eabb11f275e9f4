import { CameraOff, Mic, MicOff, Video, VideoOff } from 'lucide-react';
import { MediaVideo } from '../stage/MediaVideo.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { Spinner } from '../ui/Spinner.tsx';
import styles from './DevicePreviewPanel.module.css';
import { MicrophoneLevel } from './MicrophoneLevel.tsx';
import type { DevicePreview } from './use-device-preview.ts';

/** How one will look and sound, with what is in the way. */
export function DevicePreviewPanel({ preview, name }: { preview: DevicePreview; name: string }) {
  const { state, muted, setMuted } = preview;
  const stream = state.status === 'ready' ? state.stream : undefined;
  const hasCamera = (stream?.getVideoTracks().length ?? 0) > 0;
  const hasMicrophone = (stream?.getAudioTracks().length ?? 0) > 0;
  return (
    <div className={styles.preview}>
      <div className={styles.picture}>
        {stream && hasCamera && !muted.video ? (
          <MediaVideo stream={stream} className={styles.video} aria-label="Your camera" />
        ) : (
          <Placeholder preview={preview} name={name} hasCamera={hasCamera} />
        )}
        {stream && (
          <div className={styles.controls}>
            {hasMicrophone && (
              <IconButton
                label={muted.audio ? 'Unmute microphone' : 'Mute microphone'}
                variant={muted.audio ? 'off' : 'secondary'}
                icon={muted.audio ? <MicOff size={20} /> : <Mic size={20} />}
                onClick={() => setMuted('audio', !muted.audio)}
              />
            )}
            {hasCamera && (
              <IconButton
                label={muted.video ? 'Turn camera on' : 'Turn camera off'}
                variant={muted.video ? 'off' : 'secondary'}
                icon={muted.video ? <VideoOff size={20} /> : <Video size={20} />}
                onClick={() => setMuted('video', !muted.video)}
              />
            )}
          </div>
        )}
        {stream && hasMicrophone && !muted.audio && (
          <div className={styles.level}>
            <MicrophoneLevel stream={stream} />
          </div>
        )}
      </div>
      <PreviewProblems preview={preview} />
    </div>
  );
}

function Placeholder(props: { preview: DevicePreview; name: string; hasCamera: boolean }) {
  const { preview, name, hasCamera } = props;
  if (preview.state.status === 'asking') {
    return (
      <div className={styles.placeholder} role="status">
        <Spinner />
        <p>Opening camera and microphone. Your browser may ask whether it may.</p>
        <Button size="small" onClick={preview.goWithout}>
          Go on without them
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.placeholder}>
      {preview.state.status === 'ready' ? (
        <Avatar name={name || '?'} size="large" />
      ) : (
        <CameraOff size={32} aria-hidden="true" />
      )}
      <p>{hasCamera ? 'Your camera is off' : 'No picture of you'}</p>
    </div>
  );
}

function PreviewProblems({ preview }: { preview: DevicePreview }) {
  const { state } = preview;
  const retry = (
    <Button size="small" onClick={preview.retry}>
      Try again
    </Button>
  );
  if (state.status === 'failed') {
    return (
      <>
        <InlineProblem message={state.problem.message} action={retry} />
        <p className={styles.note}>
          You can go in all the same: you see and hear the others, they don’t see or hear you.
        </p>
      </>
    );
  }
  if (state.status === 'without') {
    return (
      <InlineProblem
        message="You go in without camera and microphone: the others don’t see or hear you."
        action={retry}
      />
    );
  }
  if (state.status === 'ready') {
    return state.notices.map((notice) => (
      <InlineProblem key={notice.code} message={notice.message} action={retry} />
    ));
  }
  return null;
}
