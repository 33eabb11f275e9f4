import { Dialog as Base } from '@base-ui/react/dialog';
import { clsx } from 'clsx';
import { X } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { Button } from './Button.tsx';
import styles from './Dialog.module.css';

export interface DialogProps {
  open: boolean;
  /** Called with `false` on Escape, a click outside or the close button. */
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  /** Buttons, main one last. */
  footer?: ReactNode;
  wide?: boolean;
  /** Neither Escape nor a click outside closes it, and there is no close button. */
  mustAnswer?: boolean;
  children?: ReactNode;
}

/** A modal dialog: focus stays inside until it closes, then returns to where it was. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, footer, wide, mustAnswer, children } = props;
  const body = useRef<HTMLDivElement>(null);
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => (mustAnswer && !next ? undefined : onOpenChange(next))}
      disablePointerDismissal={mustAnswer === true}
    >
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Viewport className={styles.viewport}>
          <Base.Popup
            className={clsx(styles.popup, wide && styles.wide)}
            // A touch keyboard would hide half of the dialog.
            initialFocus={(opener) =>
              opener === 'touch' ? true : (firstField(body.current) ?? true)
            }
          >
            <header className={styles.header}>
              <Base.Title className={styles.title}>{title}</Base.Title>
              {!mustAnswer && (
                <Base.Close
                  render={<Button variant="ghost" size="small" square icon={<X size={18} />} />}
                  aria-label="Close"
                />
              )}
            </header>
            {description && (
              <Base.Description render={<div />} className={styles.description}>
                {description}
              </Base.Description>
            )}
            <div ref={body} className={styles.body}>
              {children}
            </div>
            {footer && <footer className={styles.footer}>{footer}</footer>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

/** Where typing starts; fields behind switches and radio buttons are hidden and don't count. */
function firstField(body: HTMLElement | null): HTMLElement | undefined {
  return body?.querySelector<HTMLElement>('input:not([aria-hidden]), textarea') ?? undefined;
}
