import { Link } from '@tanstack/react-router';
import { UserRoundPlus } from 'lucide-react';
import { buttonClass } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';

/** What somebody without an identity is missing who opens a link into a project. */
export function InvitedWithoutIdentity() {
  return (
    <Notice
      icon={<UserRoundPlus />}
      title="You are invited to a project"
      actions={
        <Link to="/" className={buttonClass({})}>
          Go to the start
        </Link>
      }
      page
    >
      Members of a project need an identity of their own. Open this link in your Swarm Studio: “Join
      by link” in the menu under your name takes it.
    </Notice>
  );
}
