import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';
import { Button, type ButtonProps } from './Button.tsx';
import styles from './IconButton.module.css';

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon' | 'aria-label'> {
  /** The accessible name, shown as a tooltip as well. */
  label: string;
  icon: ReactNode;
  /** A keyboard shortcut as people write it, e.g. `Ctrl D`. */
  shortcut?: string;
}

/** A square button with an icon, a name and a tooltip. */
export function IconButton({ label, icon, shortcut, ...rest }: IconButtonProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={<Button square {...rest} icon={icon} aria-label={label} />} />
      <Tooltip.Portal>
        <Tooltip.Positioner side="top" sideOffset={8} className={styles.positioner}>
          <Tooltip.Popup className={styles.popup}>
            {label}
            {shortcut && <kbd className={styles.shortcut}>{shortcut}</kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
