import { Toaster } from 'sonner';
import styles from './Toasts.module.css';

/** Where passing messages appear; they are announced politely. */
export function Toasts() {
  return (
    <Toaster
      theme="system"
      position="top-center"
      offset={16}
      mobileOffset={12}
      toastOptions={{ className: styles.toast ?? '' }}
    />
  );
}
