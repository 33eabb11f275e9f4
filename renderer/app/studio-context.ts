import { createContext, useContext } from 'react';
import type { StudioInfo } from '../../preload/contract.ts';
import type { NodePlace } from '../../protocol/home.ts';
import type { Profile } from '../../protocol/identity.ts';
import type { NodeInfo } from '../../protocol/node.ts';
import type { Api } from '../api/client.ts';
import type { Bridge } from '../bridge/bridge.ts';
import type { SessionKeeper } from '../identity/session-keeper.ts';
import type { OfferedFeatures } from '../rooms/features.ts';
import type { Prerequisite } from '../rooms/prerequisites.ts';

/** What a person may change about themselves. */
export type ProfileChange = Pick<Profile, 'handle' | 'displayName'>;

/** What every page of the window can count on. */
export interface StudioValue {
  api: Api;
  sessions: SessionKeeper;
  /** What the node said of itself. */
  node: NodeInfo;
  features: OfferedFeatures;
  prerequisites: readonly Prerequisite[];
  /** The native side; a guest's tab has none. */
  bridge: Bridge | undefined;
  info: StudioInfo | undefined;
  /** The node this window is on; a guest's tab is on the one that served it. */
  place: NodePlace | undefined;
  /** The studio's owner; a guest's tab has none. */
  member: Profile | undefined;
  /** Rejects with `handle-taken` when the node knows the handle as somebody else's. */
  changeProfile: (change: ProfileChange) => Promise<void>;
  /** How a guest wants to be called; kept in this browser. */
  guestName: string;
  setGuestName: (name: string) => void;
}

export const StudioContext = createContext<StudioValue | undefined>(undefined);

/** The studio this window belongs to. */
export function useStudio(): StudioValue {
  const value = useContext(StudioContext);
  if (!value) throw new Error('useStudio needs a StudioProvider above it');
  return value;
}
