import { Popover } from '@base-ui/react/popover';
import { Activity, X } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import popoverStyles from '../ui/Popover.module.css';
import { DiagnosticsPanel } from './panel/DiagnosticsPanel.tsx';
import styles from './panel/Panel.module.css';
import { useDiagnosticsCollector } from './panel/use-diagnostics.ts';

/** As far from the window's edge as the stage's side column, which the panel lies upon. */
const EDGE_PX = 24;

/**
 * The button that opens the connection details, for the tray. It samples the connections for as
 * long as it is there, so that the panel opens with its minute of history.
 */
export function ConnectionDetails() {
  const collector = useDiagnosticsCollector();
  const trigger = useRef<HTMLButtonElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Popover.Root
      onOpenChange={(open, { reason, cancel }) => {
        // One watches it while doing something else in the room.
        if (!open && (reason === 'outside-press' || reason === 'focus-out')) cancel();
      }}
      onOpenChangeComplete={(open) => {
        // Base UI 1.9 does not give the focus back once a `focus-out` was cancelled.
        const active = document.activeElement;
        const lost = active === document.body || popup.current?.contains(active);
        if (!open && lost) trigger.current?.focus();
      }}
    >
      <Popover.Trigger
        ref={trigger}
        render={
          <IconButton label="Connection details" icon={<Activity size={20} aria-hidden="true" />} />
        }
      />
      <Popover.Portal>
        <Popover.Positioner
          anchor={() => rightEdge(trigger.current)}
          side="top"
          align="end"
          sideOffset={20}
          collisionPadding={12}
          className={popoverStyles.positioner}
        >
          <Popover.Popup ref={popup} className={styles.popup}>
            <header className={styles.header}>
              <Popover.Title className={styles.title}>Connection details</Popover.Title>
              <Popover.Close
                render={<Button variant="ghost" size="small" square icon={<X size={18} />} />}
                aria-label="Close"
              />
            </header>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and not by Tab. */}
            <section className={styles.scroll} aria-label="Figures" tabIndex={0}>
              <DiagnosticsPanel collector={collector} />
            </section>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** A line over the tray at the window's right: above the side column, and beside the tiles. */
function rightEdge(trigger: Element | null) {
  return {
    getBoundingClientRect: () => {
      const top = trigger?.getBoundingClientRect().top ?? innerHeight;
      const edge = innerWidth < 640 ? EDGE_PX / 2 : EDGE_PX;
      return new DOMRect(innerWidth - edge, top, 0, 0);
    },
  };
}
