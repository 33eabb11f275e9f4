import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { inviteFromHash } from './invite-hash.ts';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** An invitation token that was in the address. */
    invite?: string;
  }
}

/**
 * The invitation this page was opened with. It is moved from the visible address into the tab's
 * history entry, so that nobody reads it over a shoulder and a reload still has it.
 */
export function useInvite(): string | undefined {
  const hash = useLocation({ select: (location) => location.hash });
  const kept = useLocation({ select: (location) => location.state.invite });
  const navigate = useNavigate();
  const shown = inviteFromHash(hash);

  useEffect(() => {
    if (shown === undefined) return;
    void navigate({
      to: '.',
      hash: '',
      replace: true,
      state: (state) => ({ ...state, invite: shown }),
    });
  }, [shown, navigate]);

  return shown ?? kept;
}
