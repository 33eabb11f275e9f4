import { Popover } from '@base-ui/react/popover';
import { Share2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Visibility } from '../../protocol/rooms.ts';
import {
  type ExchangeFigures,
  type ExchangePause,
  shareFromPeers,
} from '../swarm/exchange-figures.ts';
import { buttonClass } from '../ui/Button.tsx';
import { byteSize } from '../ui/duration.ts';
import popover from '../ui/Popover.module.css';
import { SwitchField } from '../ui/SwitchField.tsx';
import type { Playback } from './playback.ts';
import styles from './SharingMenu.module.css';
import { chooseSharing, sharesWithViewers } from './sharing-choice.ts';

const PAUSES: Record<Exclude<ExchangePause, 'switched-off'>, string> = {
  refused: 'The studio does not let this page exchange with others. Everything comes from it.',
  'too-many-offenders':
    'Too many viewers sent something that the host did not sign. Everything comes from the studio now.',
  unsupported: 'This browser can not exchange with others. Everything comes from the studio.',
};

/** How much comes from other viewers, and whether it shall. */
export function SharingMenu(props: { playback: Playback; visibility: Visibility | undefined }) {
  const { playback, visibility } = props;
  const figures = useStore(playback.exchange);
  const [on, setOn] = useState(() => sharesWithViewers(visibility));
  useEffect(() => playback.setSharing(on), [playback, on]);

  function choose(next: boolean) {
    chooseSharing(next, visibility);
    setOn(next);
  }

  return (
    <Popover.Root>
      <Popover.Trigger className={buttonClass({})} data-testid="sharing">
        <Share2 size={18} aria-hidden="true" />
        {summaryOf(figures, on)}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={popover.positioner} sideOffset={8} align="end">
          <Popover.Popup className={popover.popup}>
            <Popover.Title className={popover.title}>Sharing with other viewers</Popover.Title>
            <SwitchField
              label="Share with other viewers"
              description="Takes load off the host. Other viewers can see this computer’s address, and their parts are checked against the host’s signature."
              checked={on}
              onChange={choose}
            />
            {figures.paused !== undefined && figures.paused !== 'switched-off' && (
              <p className={styles.pause} role="status">
                {PAUSES[figures.paused]}
              </p>
            )}
            <dl className={styles.figures}>
              <Figure name="From other viewers" value={byteSize(figures.bytesFromPeers)} />
              <Figure name="From the studio" value={byteSize(figures.bytesFromNode)} />
              <Figure name="Sent to others" value={byteSize(figures.bytesSent)} />
              <Figure name="Viewers connected" value={String(figures.peers)} />
              {figures.badSegments > 0 && (
                <Figure name="Parts thrown away" value={String(figures.badSegments)} />
              )}
            </dl>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className={styles.figure}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function summaryOf(figures: ExchangeFigures, on: boolean): string {
  if (!on || figures.paused !== undefined) return 'All from the studio';
  const share = shareFromPeers(figures);
  if (figures.peers === 0 && (share ?? 0) === 0) return 'Looking for other viewers';
  // Those it came from may have left by now.
  const several = figures.peers === 0 ? 'other viewers' : `${figures.peers} viewers`;
  const viewers = figures.peers === 1 ? '1 viewer' : several;
  return `${Math.round((share ?? 0) * 100)} % from ${viewers}`;
}
