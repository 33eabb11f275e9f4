import { type ComponentProps, useEffect, useRef } from 'react';

export interface MediaVideoProps extends Omit<ComponentProps<'video'>, 'src' | 'ref'> {
  stream: MediaStream;
  /** Called once for each stream, when its first picture is on the screen. */
  onFirstFrame?: () => void;
}

/** A live picture without its sound, which is played apart so that it outlives pages. */
export function MediaVideo({ stream, onFirstFrame, ...rest }: MediaVideoProps) {
  const ref = useRef<HTMLVideoElement>(null);
  const firstFrame = useRef(onFirstFrame);
  firstFrame.current = onFirstFrame;

  useEffect(() => {
    const video = ref.current;
    if (!video) return;
    video.srcObject = stream;
    const handle = video.requestVideoFrameCallback?.(() => firstFrame.current?.());
    return () => {
      if (handle !== undefined) video.cancelVideoFrameCallback(handle);
      video.srcObject = null;
    };
  }, [stream]);

  return <video {...rest} ref={ref} autoPlay playsInline muted disablePictureInPicture />;
}
