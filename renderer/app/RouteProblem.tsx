import type { ErrorComponentProps } from '@tanstack/react-router';
import { Bug } from 'lucide-react';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { Notice } from '../ui/Notice.tsx';

/** A page that failed to draw. The rest of the window, and a room one is in, go on. */
export function RouteProblem({ error, reset }: ErrorComponentProps) {
  return (
    <Notice
      icon={<Bug />}
      title="This page could not be shown"
      actions={<Button onClick={reset}>Try again</Button>}
      page
      alert
    >
      {explain(error).message}
    </Notice>
  );
}
