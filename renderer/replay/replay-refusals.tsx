import { CalendarX2, Lock, VideoOff } from 'lucide-react';
import type { ReactNode } from 'react';

/** What a node's refusal to show a recording is called. */
export const REFUSALS: Record<string, { title: string; icon: ReactNode }> = {
  'recording-not-found': { title: 'There is no replay', icon: <VideoOff /> },
  'recording-expired': { title: 'The replay is no longer kept', icon: <CalendarX2 /> },
  'post-not-found': { title: 'There is no replay', icon: <VideoOff /> },
  'invite-required': { title: 'This replay is not for everybody', icon: <Lock /> },
  forbidden: { title: 'This replay is not for everybody', icon: <Lock /> },
  'auth-required': { title: 'This replay is not for everybody', icon: <Lock /> },
};
