import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';

/** Why there is nothing to watch. */
export function ReplayNotice(props: {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  onRetry?: () => void;
  /** Something better than to go away. */
  actions?: ReactNode;
}) {
  const { onRetry, actions, children, ...notice } = props;
  return (
    <Notice
      {...notice}
      actions={
        <>
          {actions}
          {onRetry && (
            <Button variant="primary" onClick={onRetry}>
              Try again
            </Button>
          )}
          <Link to="/" className={buttonClass({})}>
            Go to the start
          </Link>
        </>
      }
      page
      alert
    >
      {children}
    </Notice>
  );
}
