import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { useShallow } from 'zustand/react/shallow';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { useDeviceRelease } from './use-device-release.ts';

/** Everybody's sound, apart from the tiles so that it goes on while pages change. */
export function RoomAudio() {
  useDeviceRelease();
  const streams = useStreamingState(
    // Who was muted by a moderator, or sent out, is not heard, whatever their window sends.
    useShallow(({ links, participants }) =>
      Object.entries(links).flatMap(([peerId, { stream }]) =>
        stream && participants[peerId]?.mutedByModerator.audio === false ? [stream] : [],
      ),
    ),
  );
  return (
    <div hidden>
      {streams.map((stream) => (
        <PeerAudio key={stream.id} stream={stream} />
      ))}
    </div>
  );
}

function PeerAudio({ stream }: { stream: MediaStream }) {
  const ref = useRef<HTMLAudioElement>(null);

  useEffect(() => {
    const audio = ref.current;
    if (!audio) return;
    audio.srcObject = stream;
    let current = true;
    audio.play().catch((error: unknown) => {
      if (current) askForSound(audio, error);
    });
    return () => {
      current = false;
      audio.srcObject = null;
    };
  }, [stream]);

  // biome-ignore lint/a11y/useMediaCaption: people talking live have no captions to offer.
  return <audio ref={ref} />;
}

/** Browsers play sound only after a click; where ours came too early, the person clicks again. */
function askForSound(audio: HTMLAudioElement, error: unknown) {
  console.info('The browser holds sound back until a click.', error);
  toast('Your browser holds the sound back.', {
    id: 'room-sound',
    duration: Number.POSITIVE_INFINITY,
    action: {
      label: 'Turn sound on',
      onClick: () => {
        for (const other of document.querySelectorAll('audio')) void other.play();
        void audio.play();
      },
    },
  });
}
