import { AlertDialog } from '@base-ui/react/alert-dialog';
import { type ReactNode, useState } from 'react';
import { Button } from './Button.tsx';
import styles from './Dialog.module.css';
import { explain } from './explain.ts';
import { InlineProblem } from './InlineProblem.tsx';

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description: ReactNode;
  /** What the confirming button is called: a verb and its object. */
  confirm: string;
  cancel?: string;
  /** The dialog closes when it resolves; a rejection is shown and can be tried again. */
  onConfirm: () => Promise<void>;
}

/** Asks before something that can't be taken back. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, description, confirm, cancel = 'Cancel', onConfirm } = props;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function run() {
    setBusy(true);
    setProblem(undefined);
    try {
      await onConfirm();
      onOpenChange(false);
    } catch (error) {
      setProblem(explain(error).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles.backdrop} />
        <AlertDialog.Viewport className={styles.viewport}>
          <AlertDialog.Popup className={styles.popup}>
            <header className={styles.header}>
              <AlertDialog.Title className={styles.title}>{title}</AlertDialog.Title>
            </header>
            <AlertDialog.Description render={<div />} className={styles.description}>
              {description}
            </AlertDialog.Description>
            <div className={styles.body}>{problem && <InlineProblem message={problem} />}</div>
            <footer className={styles.footer}>
              <AlertDialog.Close render={<Button />}>{cancel}</AlertDialog.Close>
              <Button variant="inverse" busy={busy} onClick={run}>
                {confirm}
              </Button>
            </footer>
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
