import { createContext, useContext } from 'react';

/** The way into the launch dialog from anywhere in the window. */
export interface Launch {
  /** Whether a room can be started here and now. */
  offered: boolean;
  /** Why not, and what to do. */
  why: string | undefined;
  /** Opens the dialog, for a project or for the member's own profile. */
  open: (projectId?: string) => void;
}

export const LaunchContext = createContext<Launch | undefined>(undefined);

/** How to start a live room. */
export function useLaunch(): Launch {
  const value = useContext(LaunchContext);
  if (!value) throw new Error('useLaunch needs a LaunchProvider above it');
  return value;
}
