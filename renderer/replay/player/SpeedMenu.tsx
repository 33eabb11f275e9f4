import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import { type RefObject, useEffect, useState } from 'react';
import menuStyles from '../../ui/Menu.module.css';
import styles from './Player.module.css';
import { SPEEDS } from './player-keys.ts';

/** How fast it plays; sound keeps its pitch. */
export function SpeedMenu(props: {
  video: RefObject<HTMLVideoElement | null>;
  /** What is shown full screen: a menu elsewhere would not be seen then. */
  container: RefObject<HTMLElement | null>;
}) {
  const { video, container } = props;
  const speed = useSpeed(video);

  function choose(next: number) {
    if (video.current) video.current.playbackRate = next;
  }

  return (
    <Menu.Root>
      <Menu.Trigger className={styles.button} aria-label={`Speed: ${speed}×`}>
        {speed}×
      </Menu.Trigger>
      <Menu.Portal container={container}>
        <Menu.Positioner side="top" align="end" sideOffset={8} className={menuStyles.positioner}>
          <Menu.Popup className={menuStyles.popup} aria-label="Speed">
            <Menu.RadioGroup value={speed} onValueChange={choose}>
              {SPEEDS.map((known) => (
                <Menu.RadioItem key={known} value={known} className={menuStyles.item} closeOnClick>
                  <span className={styles.tick}>
                    <Menu.RadioItemIndicator>
                      <Check size={16} aria-hidden="true" />
                    </Menu.RadioItemIndicator>
                  </span>
                  {known === 1 ? 'Normal' : `${known}×`}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function useSpeed(video: RefObject<HTMLVideoElement | null>): number {
  const [speed, setSpeed] = useState(1);
  useEffect(() => {
    const player = video.current;
    if (!player) return;
    const look = () => setSpeed(player.playbackRate);
    player.addEventListener('ratechange', look);
    return () => player.removeEventListener('ratechange', look);
  }, [video]);
  return speed;
}
